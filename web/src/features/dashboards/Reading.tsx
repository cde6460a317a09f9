/** A dashboard as it is read: filters, pages, tiles as they become ready, one tile alone, full screen. */

import { IconLayoutGridAdd } from "@tabler/icons-react";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import type { TileDataStore } from "@/api/tile-data";
import type { Dashboard, Tile } from "@/api/types";
import type { StateSearch } from "@/interaction/address";
import { type Interaction, useInteraction } from "@/interaction/useInteraction";
import { type KeyMap, useKeys } from "@/lib/hotkeys";
import { readingOrder } from "@/lib/mosaic";
import type { DashboardSearch } from "@/lib/url";
import { EmptyState } from "@/ui/EmptyState";
import { downloadDashboard } from "../export";
import { FilterBar } from "../filters";
import type { Body } from "./body";
import { PageTabs } from "./PageTabs";
import { TileGrid } from "./TileGrid";
import { useDashboardText } from "./text";
import { type TileActions, useTileActions } from "./useTileActions";
import { type TileRuns, useTileRuns } from "./useTileRuns";
import { openFilter, useViewing, type Viewing } from "./useViewing";
import classes from "./view.module.css";

const AskPanel = lazy(() => import("../qa"));
const TileFull = lazy(() => import("./TileFull").then((module) => ({ default: module.TileFull })));

/** Where there is room, the tiles move beside the panel instead of under it. */
const BESIDE = { paddingInlineEnd: "clamp(var(--t-pad), (100vw - 1240px) * 999, 476px)" };

/** What whoever draws the top of the view has to know. */
export interface HeaderProps {
  dashboard: Dashboard;
  runs: TileRuns;
  isFull: boolean;
  onFull: (full: boolean) => void;
  onEdit?: (tileId?: string) => void;
  onAsk: () => void;
  onCopyLink: () => void;
  onDownload: () => void;
  /** Seen through another's eyes. */
  isQuiet: boolean;
}

interface Props {
  dashboard: Dashboard;
  search: DashboardSearch & StateSearch;
  /** Changes what the URL says; a step that Back should undo is pushed. */
  onSearch: (change: Partial<DashboardSearch & StateSearch>, push?: boolean) => void;
  onEdit?: (tileId?: string) => void;
  header: (told: HeaderProps) => ReactNode;
  Body: Body;
  /** The results of somebody else: then this is only looked at. */
  seenIn?: TileDataStore;
  /** Inside another site's page: no address of ours to copy, no screen to fill, no panel beside it. */
  isFramed?: boolean;
}

export function Reading(props: Props) {
  const { dashboard, search, onSearch, onEdit, header, Body, seenIn, isFramed } = props;
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
    isFramed,
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
          e: () => onEdit?.(),
          ...(!isFramed && { f: () => setFull(!isFull), a: () => setAsking(seenIn === undefined) }),
          "[": () => step(-1),
          "]": () => step(1),
          t: () => openFilter(view.defs.find((def) => def.type === "date_range")?.name ?? ""),
          ...escapeKey(view, isFull && (() => setFull(false))),
        },
  );

  return (
    <div
      className={classes.view}
      data-full={isFull || undefined}
      data-framed={isFramed || undefined}
      style={isAsking ? BESIDE : undefined}
    >
      {header({
        dashboard,
        runs,
        isFull,
        onFull: setFull,
        onEdit,
        onAsk: () => setAsking(!isAsking),
        onCopyLink: actions.copyPageLink,
        isQuiet: seenIn !== undefined,
        onDownload: () => void downloadDashboard(dashboard, view.state),
      })}
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
            dashboard={dashboard}
            pageId={page?.id}
            view={view.state}
            onPageOf={toPageOf}
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

interface AloneProps extends Pick<Props, "dashboard" | "search" | "onSearch" | "Body"> {
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
