/** A dashboard as it is read: pages, tiles as they become ready, one tile alone, full screen. */

import { Skeleton } from "@mantine/core";
import { IconLayoutGridAdd } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { dashboardQuery } from "@/api/queries/dashboards";
import type { TileDataStore } from "@/api/tile-data";
import type { Dashboard, Tile } from "@/api/types";
import type { StateSearch } from "@/interaction/address";
import { type Interaction, useInteraction } from "@/interaction/useInteraction";
import { useMedia, useTitle } from "@/lib/hooks";
import { type KeyMap, useKeys } from "@/lib/hotkeys";
import { readingOrder } from "@/lib/mosaic";
import type { DashboardSearch } from "@/lib/url";
import { EmptyState } from "@/ui/EmptyState";
import { downloadDashboard } from "../export";
import { FilterBar } from "../filters";
import type { Body, Editor } from "./body";
import { PageTabs } from "./PageTabs";
import { TileGrid } from "./TileGrid";
import { useDashboardText } from "./text";
import { type TileActions, useTileActions } from "./useTileActions";
import { type TileRuns, useTileRuns } from "./useTileRuns";
import { openFilter, useViewing, type Viewing } from "./useViewing";
import { ViewHeader } from "./ViewHeader";
import classes from "./view.module.css";

const AskPanel = lazy(() => import("../qa"));
const ViewAs = lazy(() => import("../view-as").then((module) => ({ default: module.ViewAs })));
const TileFull = lazy(() => import("./TileFull").then((module) => ({ default: module.TileFull })));

interface Props {
  id: string;
  search: DashboardSearch & StateSearch;
  /** Changes what the URL says; a step that Back should undo is pushed. */
  onSearch: (change: Partial<DashboardSearch & StateSearch>, push?: boolean) => void;
  onLeave: (to: { id: string } | null) => void;
  Body: Body;
  Editor: Editor;
}

/** Edit mode needs room to drag. */
const EDIT_QUERY = "(min-width: 1000px)";

export function DashboardView(props: Props) {
  const { data: dashboard } = useSuspenseQuery(dashboardQuery(props.id));
  const isRoomy = useMedia(EDIT_QUERY);
  const [initialTile, setInitialTile] = useState<string>();
  const mayEdit = dashboard.can_edit && !dashboard.is_archived && isRoomy;
  const isEditing = props.search.edit === 1 && mayEdit;
  useTitle(dashboard.name);

  const edit = (tileId?: string) => {
    setInitialTile(tileId);
    props.onSearch({ edit: 1, tile: undefined, as: undefined, full: undefined }, true);
  };
  if (props.search.seen) {
    return (
      <Suspense fallback={<ViewSkeleton />}>
        <ViewAs
          key={props.search.seen}
          dashboard={dashboard}
          userId={props.search.seen}
          Body={props.Body}
          onSeen={(seen) => props.onSearch({ seen })}
        >
          {(seen) => <Reading {...props} dashboard={seen.dashboard} Body={seen.Body} seenIn={seen.data} />}
        </ViewAs>
      </Suspense>
    );
  }
  if (isEditing) {
    return (
      <Suspense fallback={<ViewSkeleton />}>
        <props.Editor
          dashboard={dashboard}
          initialTileId={initialTile}
          onDone={() => props.onSearch({ edit: undefined })}
        />
      </Suspense>
    );
  }
  return <Reading {...props} dashboard={dashboard} onEdit={mayEdit ? edit : undefined} />;
}

interface ReadingProps extends Props {
  dashboard: Dashboard;
  onEdit?: (tileId?: string) => void;
  /** The results of somebody else: then this is only looked at. */
  seenIn?: TileDataStore;
}

function Reading({ dashboard, search, onSearch, onLeave, onEdit, seenIn, Body }: ReadingProps) {
  const pages = dashboard.pages.toSorted((a, b) => a.page_order - b.page_order);
  const page = pages.find((one) => one.id === search.page) ?? pages[0];
  const tiles = readingOrder(dashboard.tiles.filter((tile) => tile.page_id === page?.id));
  const view = useInteraction(dashboard, search, onSearch);
  const runs = useTileRuns(dashboard, page?.id, tiles, view.state, true, seenIn);
  const viewing = useViewing(dashboard, view, runs);
  const alone = dashboard.tiles.find((tile) => tile.id === search.tile);
  const isFull = search.full === 1;
  const [isAsking, setAsking] = useState(false);
  const actions = useTileActions(dashboard, runs, {
    onSearch,
    onEdit,
    state: view.state,
    isQuiet: seenIn !== undefined,
  });
  const toPage = (id: string) =>
    onSearch({ page: id === pages[0]?.id ? undefined : id, tile: undefined }, true);
  const toPageOf = (tileId: string) => {
    const home = dashboard.tiles.find((tile) => tile.id === tileId)?.page_id;
    if (home && home !== page?.id) toPage(home);
  };
  const step = (by: number) => {
    const next = pages[pages.findIndex((one) => one.id === page?.id) + by];
    if (next) toPage(next.id);
  };
  const setFull = useFullScreen(isFull, (full) => onSearch({ full: full ? 1 : undefined }));

  useKeys(
    alone
      ? null
      : {
          r: runs.refresh,
          f: () => setFull(!isFull),
          e: () => onEdit?.(),
          a: () => setAsking(seenIn === undefined),
          "[": () => step(-1),
          "]": () => step(1),
          t: () => openFilter(view.defs.find((def) => def.type === "date_range")?.name ?? ""),
          ...escapeKey(view, isFull && (() => setFull(false))),
        },
  );

  return (
    <div className={classes.view} data-full={isFull || undefined}>
      <ViewHeader
        dashboard={dashboard}
        runs={runs}
        isFull={isFull}
        onFull={setFull}
        onEdit={onEdit}
        onAsk={() => setAsking(!isAsking)}
        onLeave={onLeave}
        onCopyLink={actions.copyPageLink}
        isQuiet={seenIn !== undefined}
        onSeen={(seen) => onSearch({ seen, tile: undefined, full: undefined }, true)}
        onDownload={() => void downloadDashboard(dashboard, view.state)}
      />
      <FilterBar dashboardId={dashboard.id} view={view} tiles={tiles} allTiles={dashboard.tiles} />
      {pages.length > 1 && <PageTabs pages={pages} current={page?.id} onPage={toPage} />}
      {tiles.length === 0 ? (
        <NoTiles dashboard={dashboard} onEdit={onEdit} />
      ) : (
        <TileGrid
          tiles={tiles}
          layout={dashboard.layout}
          timeZone={dashboard.time_zone}
          runs={runs}
          actions={actions}
          viewing={viewing}
          Body={Body}
        />
      )}
      {viewing.node}
      {isAsking && (
        <Suspense fallback={null}>
          <AskPanel
            dashboardId={dashboard.id}
            view={view.state}
            onPageOf={toPageOf}
            onRefresh={runs.refresh}
            onClose={() => setAsking(false)}
          />
        </Suspense>
      )}
      {alone && (
        <Alone
          tile={alone}
          dashboard={dashboard}
          search={search}
          runs={runs}
          actions={actions}
          viewing={viewing}
          onSearch={onSearch}
          Body={Body}
        />
      )}
    </div>
  );
}

interface AloneProps extends Pick<ReadingProps, "dashboard" | "search" | "onSearch" | "Body"> {
  tile: Tile;
  runs: TileRuns;
  actions: TileActions;
  viewing: Viewing;
}

/** Escape takes the last click back, where there is one; then it leaves the full screen. */
function escapeKey(view: Interaction, leave: false | (() => void)): KeyMap {
  const last = view.state.cross.at(-1);
  if (last) return { Escape: () => view.unclick(last.tileId) };
  return leave ? { Escape: leave } : {};
}

function Alone({ tile, dashboard, search, runs, actions, viewing, onSearch, Body }: AloneProps) {
  return (
    <Suspense fallback={null}>
      <TileFull
        tile={tile}
        timeZone={dashboard.time_zone}
        asTable={search.as === "table"}
        runs={runs}
        actions={actions}
        viewing={viewing}
        Body={Body}
        onAsTable={(asTable) => onSearch({ as: asTable ? "table" : undefined })}
        onClose={() => onSearch({ tile: undefined, as: undefined })}
      />
    </Suspense>
  );
}

function NoTiles({ dashboard, onEdit }: { dashboard: Dashboard; onEdit?: () => void }) {
  const t = useDashboardText();
  return (
    <EmptyState
      icon={<IconLayoutGridAdd size={30} />}
      title={t.noTiles}
      action={onEdit && { label: t.addTile, onClick: () => onEdit() }}
    >
      {onEdit ? t.noTilesEdit : dashboard.can_edit ? t.editNarrow : t.noTilesView}
    </EmptyState>
  );
}

/** Fills the screen where the browser can, and follows when the person leaves it by the browser's own key. */
function useFullScreen(isFull: boolean, onChange: (full: boolean) => void): (full: boolean) => void {
  useEffect(() => {
    const left = () => {
      if (!document.fullscreenElement && isFull) onChange(false);
    };
    document.addEventListener("fullscreenchange", left);
    return () => document.removeEventListener("fullscreenchange", left);
  }, [isFull, onChange]);
  return (full) => {
    onChange(full);
    if (full) document.documentElement.requestFullscreen?.().catch(() => undefined);
    else if (document.fullscreenElement) document.exitFullscreen().catch(() => undefined);
  };
}

export function ViewSkeleton() {
  const t = useDashboardText();
  const sizes = ["span 3", "span 3", "span 3", "span 3", "span 8", "span 4", "span 6", "span 6"];
  return (
    <div className={classes.view} role="status" aria-label={t.loadingDashboard}>
      <div className={classes.head}>
        <Skeleton h={26} w={280} maw="60%" />
      </div>
      <div className={classes.grid} style={{ "--row": "80px", "--gap": "16px" } as React.CSSProperties}>
        {sizes.map((span, index) => (
          <Skeleton
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
            key={index}
            style={{ gridColumn: span, gridRow: index < 4 ? "span 2" : "span 4" }}
            radius="md"
          />
        ))}
      </div>
    </div>
  );
}
