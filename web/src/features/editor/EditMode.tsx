/** A dashboard being edited: every change shows at once, can be undone, and is saved in the background. */

import { Alert, Button, Text } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle, IconLayoutGridAdd } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { dashboardChanged } from "@/api/queries/dashboards";
import { datasourcesQuery } from "@/api/queries/datasources";
import type { Dashboard, TileData, TileType } from "@/api/types";
import { useMedia } from "@/lib/hooks";
import { newId } from "@/lib/ids";
import { toast, toastError, toastUndo } from "@/ui/toast";
import { type Cell, EditGrid, stepped } from "../grid";
import {
  cellOf,
  createEditing,
  DASHBOARD_FIELDS,
  type DashboardDocument,
  type DashboardFields,
  type Edit,
  type EditingStore,
  edits,
  isSame,
  named,
  type PageDoc,
  type Refusal,
  saverOf,
  type TileDoc,
  tilesOf,
} from "../history";
import { blankDraft, draftOf, SIZES, type TileDraft, withLook } from "./draft";
import { AddMenu, EditBar } from "./EditBar";
import { EditPages } from "./EditPages";
import { EditTile, type TileActions } from "./EditTile";
import classes from "./editor.module.css";
import { useEditorText } from "./messages";
import type { Unsaved } from "./TileEditor";
import { useEditKeys } from "./useEditKeys";
import { type TileResults, useTileResults } from "./useTileResults";

const loadTileEditor = () => import("./TileEditor");
const TileEditor = lazy(() => loadTileEditor().then((module) => ({ default: module.TileEditor })));
const DashboardSettings = lazy(() =>
  import("./DashboardSettings").then((module) => ({ default: module.DashboardSettings })),
);

const FilterEditor = lazy(() =>
  import("../filters/FilterEditor").then((module) => ({ default: module.FilterEditor })),
);
const HistoryPanel = lazy(() => import("../revisions").then((module) => ({ default: module.HistoryPanel })));

export interface EditModeProps {
  dashboard: Dashboard;
  onDone: () => void;
  /** Opens the editor of this tile at once. */
  initialTileId?: string;
}

/** Arranging by pointer and keys needs this much room. */
const ROOMY = "(min-width: 1000px)";

type Open =
  | { tileId: string }
  | { newTile: TileType }
  | { settings: true }
  | { filters: true }
  | { history: true }
  | null;

export function EditMode({ dashboard, onDone, initialTileId }: EditModeProps) {
  const [store] = useState(() => createEditing(dashboard, saverOf(dashboard.id)));
  const client = useQueryClient();
  const text = useEditorText();
  const { document, past, future } = useStore(store, (state) => state.timeline);
  const save = useStore(store, (state) => state.save);
  const page = usePage(store, document, initialTileId);
  const tiles = useMemo(() => tilesOf(document, page.id), [document, page.id]);
  const results = useTileResults(dashboard.id, tiles, save.kind === "saved");
  const [open, setOpen] = useState<Open>(initialTileId ? { tileId: initialTileId } : null);
  const [isLeaving, setLeaving] = useState(false);
  const { data: sources } = useQuery(datasourcesQuery);
  const { edit, undo, redo } = store.getState();

  useRefusals(store, open !== null);
  useLeaving(store);
  useEditKeys(open === null, undo, redo);

  const actions = useTileActions(store, results, setOpen);
  const done = async () => {
    setLeaving(true);
    try {
      const { state } = await store.getState().flush();
      if (state.kind === "waiting") void toast({ message: text.leaveUnsaved, kind: "bad" });
      await dashboardChanged(client);
    } catch (error) {
      void toastError(error);
    } finally {
      setLeaving(false);
    }
    onDone();
  };
  const add = (newTile: TileType) => setOpen({ newTile });
  /** The past is shown when the present is saved: both are then numbered alike. */
  const showHistory = async () => {
    try {
      const { state } = await store.getState().flush();
      if (state.kind === "waiting") return void toast({ message: state.message, kind: "bad" });
      await dashboardChanged(client);
      setOpen({ history: true });
    } catch (error) {
      void toastError(error);
    }
  };

  return (
    <div className={classes.root}>
      <EditBar
        name={document.name}
        undoLabel={past.at(-1)?.label ?? null}
        redoLabel={future.at(-1)?.label ?? null}
        save={save}
        isLeaving={isLeaving}
        onUndo={undo}
        onRedo={redo}
        onRetry={store.getState().retry}
        onAdd={add}
        onSettings={() => setOpen({ settings: true })}
        onFilters={() => setOpen({ filters: true })}
        onHistory={() => void showHistory()}
        onDone={done}
      />
      {save.kind === "conflict" && (
        <Conflict sentence={save.message} onReload={() => store.getState().reload()} />
      )}
      <EditPages
        pages={pagesOf(document)}
        current={page.id}
        onPage={page.go}
        onAdd={() => {
          const added = { id: newId(), name: text.newPage(document.pageOrder.length + 1) };
          edit(edits.addPage(added));
          page.go(added.id);
        }}
        onRename={(one, name) => edit(edits.renamePage(one, name))}
        onMove={(one, by) => edit(edits.movePage(one, by))}
        onCloseGaps={(one) => edit(edits.closeGaps(one))}
        onDelete={(one) => {
          edit(edits.deletePage(one));
          void toastUndo(text.deletedPage(one.name), undoer(store));
        }}
      />
      <Canvas
        document={document}
        tiles={tiles}
        pageId={page.id}
        results={results}
        actions={actions}
        edit={edit}
        onAdd={add}
      />
      <Suspense fallback={null}>
        {open && "settings" in open && (
          <DashboardSettings
            fields={fieldsOf(document)}
            onApply={(changes) => edit(edits.changeDashboard(changes))}
            onClose={() => setOpen(null)}
          />
        )}
        {open && "filters" in open && (
          <FilterEditor
            filters={document.filters}
            tiles={asking(document)}
            onApply={(filters) => {
              if (!isSame(filters, document.filters)) edit(edits.changeDashboard({ filters }));
            }}
            onClose={() => setOpen(null)}
          />
        )}
        {open && "history" in open && (
          <HistoryPanel
            dashboard={dashboard}
            onClose={() => setOpen(null)}
            onRestored={() => store.getState().reload()}
          />
        )}
        {open && "tileId" in open && document.tiles[open.tileId] && (
          <OpenTile
            key={open.tileId}
            store={store}
            dashboardId={dashboard.id}
            tile={document.tiles[open.tileId] as TileDoc}
            results={results}
            onClose={() => setOpen(null)}
          />
        )}
        {open && "newTile" in open && sources && (
          <NewTile
            store={store}
            dashboardId={dashboard.id}
            initial={blankDraft(open.newTile, usual(document, sources))}
            pageId={page.id}
            results={results}
            onClose={() => setOpen(null)}
          />
        )}
      </Suspense>
    </div>
  );
}

interface CanvasProps {
  document: DashboardDocument;
  tiles: TileDoc[];
  pageId: string;
  results: TileResults;
  actions: TileActions;
  edit: (edit: Edit) => void;
  onAdd: (tileType: TileType) => void;
}

function Canvas({ document, tiles, pageId, results, actions, edit, onAdd }: CanvasProps) {
  const text = useEditorText();
  const isRoomy = useMedia(ROOMY);
  const items = useMemo(() => tiles.map((tile) => ({ id: tile.id, ...cellOf(tile) })), [tiles]);
  const otherPages = useMemo(() => pagesOf(document).filter((one) => one.id !== pageId), [document, pageId]);
  const place = (id: string, cell: Cell) => {
    const tile = document.tiles[id];
    if (tile) edit(edits.placeTile(tile, cell));
  };
  if (tiles.length === 0) return <EmptyPage onAdd={onAdd} />;
  return (
    <>
      {!isRoomy && (
        <Alert icon={<IconInfoCircle size={18} />} mb="md">
          {text.tooNarrow}
        </Alert>
      )}
      <EditGrid
        key={pageId}
        items={items}
        titleOf={(id) => document.tiles[id]?.title ?? ""}
        rowHeight={document.layout.rowHeight}
        gap={document.layout.gap}
        isEnabled={isRoomy}
        onPlace={place}
        renderTile={(id) => {
          const tile = document.tiles[id];
          return (
            tile && (
              <EditTile
                tile={tile}
                data={results.data}
                otherPages={otherPages}
                timeZone={document.time_zone}
                canArrange={isRoomy}
                actions={actions}
              />
            )
          );
        }}
      />
    </>
  );
}

function EmptyPage({ onAdd }: { onAdd: (tileType: TileType) => void }) {
  const text = useEditorText();
  return (
    <div className={classes.empty}>
      <IconLayoutGridAdd size={34} stroke={1.4} aria-hidden="true" />
      <h2>{text.emptyTitle}</h2>
      <Text size="sm" c="dimmed" maw={440}>
        {text.emptyBody}
      </Text>
      <AddMenu onAdd={onAdd} />
    </div>
  );
}

function Conflict({ sentence, onReload }: { sentence: string; onReload: () => Promise<void> }) {
  const text = useEditorText();
  const [isLoading, setLoading] = useState(false);
  const reload = async () => {
    setLoading(true);
    try {
      await onReload();
    } catch (error) {
      void toastError(error);
    } finally {
      setLoading(false);
    }
  };
  return (
    <Alert color="yellow" icon={<IconAlertTriangle size={18} />} role="alert" mb="md">
      <div className={classes.conflict}>
        <span>{sentence}</span>
        <Button size="xs" onClick={reload} loading={isLoading}>
          {text.reload}
        </Button>
      </div>
    </Alert>
  );
}

interface OpenTileProps {
  store: EditingStore;
  dashboardId: string;
  tile: TileDoc;
  results: TileResults;
  onClose: () => void;
}

function OpenTile({ store, dashboardId, tile, results, onClose }: OpenTileProps) {
  const save = async (draft: TileDraft, data: TileData | null) => {
    const now = store.getState().timeline.document.tiles[tile.id] ?? tile;
    store.getState().edit(edits.changeTile(now, draft));
    return settled(store, tile.id, results, data);
  };
  return (
    <TileEditor
      dashboardId={dashboardId}
      initial={draftOf(tile)}
      initialData={results.data.tile(tile.id).data}
      isNew={false}
      timeZone={store.getState().timeline.document.time_zone}
      onSave={save}
      onClose={onClose}
    />
  );
}

interface NewTileProps extends Omit<OpenTileProps, "tile"> {
  initial: TileDraft;
  pageId: string;
}

function NewTile({ store, dashboardId, initial, pageId, results, onClose }: NewTileProps) {
  const [id] = useState(newId);
  const save = async (draft: TileDraft, data: TileData | null) => {
    store.getState().edit(edits.addTile({ ...draft, ...SIZES[draft.tile_type], id, page_id: pageId }));
    return settled(store, id, results, data);
  };
  return (
    <TileEditor
      dashboardId={dashboardId}
      initial={initial}
      initialData={null}
      isNew
      timeZone={store.getState().timeline.document.time_zone}
      onSave={save}
      onClose={onClose}
    />
  );
}

/** Waits until the server took the tile, or answers why it did not. */
async function settled(
  store: EditingStore,
  tileId: string,
  results: TileResults,
  data: TileData | null,
): Promise<Unsaved | null> {
  const written = store.getState().timeline.document.tiles[tileId];
  if (written && data) results.adopt(written, data);
  const { state, refusals } = await store.getState().flush();
  if (state.kind === "conflict") return { message: state.message, line: null };
  return refusals.find((refusal) => isAbout(refusal, tileId)) ?? null;
}

function isAbout({ operation }: Refusal, tileId: string): boolean {
  if (operation.kind === "tile.create") return operation.tile.id === tileId;
  return operation.kind === "tile.update" && operation.id === tileId;
}

function useTileActions(
  store: EditingStore,
  results: TileResults,
  setOpen: (open: Open) => void,
): TileActions {
  return useMemo(() => {
    const tileOf = (id: string) => store.getState().timeline.document.tiles[id];
    const { edit } = store.getState();
    return {
      edit: (tileId) => setOpen({ tileId }),
      duplicate: (id) => {
        const tile = tileOf(id);
        if (!tile) return;
        const copyId = newId();
        edit(edits.duplicateTile(tile, copyId));
        const copy = tileOf(copyId);
        const { data } = results.data.tile(id);
        if (copy && data) results.adopt(copy, data);
      },
      remove: (id) => {
        const tile = tileOf(id);
        if (!tile) return;
        edit(edits.deleteTile(tile));
        void toastUndo(useEditorText.now().deleted(named(tile.title)), undoer(store, tile));
      },
      step: (id, step) => {
        const tile = tileOf(id);
        const cell = tile && stepped(cellOf(tile), step);
        if (tile && cell) edit({ ...edits.placeTile(tile, cell), group: `step:${id}` });
      },
      look: (id, chartType) => {
        const tile = tileOf(id);
        if (tile) edit(edits.changeTile(tile, withLook(draftOf(tile), chartType)));
      },
      toPage: (id, page) => {
        const tile = tileOf(id);
        if (tile) edit(edits.moveToPage(tile, page));
      },
    };
  }, [store, results, setOpen]);
}

/** What a toast's Undo does: it undoes the step it was shown for; when other steps came after it, the tile comes back as a new step. */
function undoer(store: EditingStore, deleted?: TileDoc): () => void {
  const step = store.getState().timeline.past.at(-1);
  return () => {
    const { timeline, undo, edit } = store.getState();
    if (timeline.past.at(-1) === step) undo();
    else if (deleted && timeline.past.includes(step as never) && !timeline.document.tiles[deleted.id]) {
      edit(edits.addTile(deleted));
    }
  };
}

/** Says once why an edit was rolled back. The tile editor, while it is open, says so itself. */
function useRefusals(store: EditingStore, isSaidElsewhere: boolean): void {
  useEffect(() => {
    if (isSaidElsewhere) return;
    return store.subscribe(({ refusal }, before) => {
      if (!refusal || refusal === before.refusal) return;
      void toast({ message: useEditorText.now().refused(refusal.message), kind: "bad" });
    });
  }, [store, isSaidElsewhere]);
}

/** Nothing unsaved is lost by leaving: the page asks, the queue finishes, a connection that returns is used. */
function useLeaving(store: EditingStore): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (store.getState().isDirty()) event.preventDefault();
    };
    const { retry } = store.getState();
    window.addEventListener("beforeunload", ask);
    window.addEventListener("online", retry);
    return () => {
      window.removeEventListener("beforeunload", ask);
      window.removeEventListener("online", retry);
      if (store.getState().isDirty()) void store.getState().flush();
    };
  }, [store]);
}

/** The page shown stands in the URL, as for readers; a page that goes away, or gets its real id, is followed. */
function usePage(store: EditingStore, document: DashboardDocument, initialTileId: string | undefined) {
  const { page } = useSearch({ strict: false });
  const navigate = useNavigate();
  const renamed = useStore(store, (state) => state.renamedPages);
  const [ofTile] = useState(initialTileId && document.tiles[initialTileId]?.page_id);
  const wanted = page ?? ofTile;
  const known = wanted && (renamed[wanted] ?? wanted);
  const id = known && document.pages[known] ? known : (document.pageOrder[0] ?? "");
  const go = (pageId: string) =>
    void navigate({ to: ".", search: (now) => ({ ...now, page: pageId }), replace: true });
  return { id, go };
}

function pagesOf(document: DashboardDocument): PageDoc[] {
  return document.pageOrder.flatMap((id) => document.pages[id] ?? []);
}

/** The tiles that filters can narrow, as they lie on the pages. */
function asking(document: DashboardDocument): TileDoc[] {
  return document.pageOrder
    .flatMap((id) => tilesOf(document, id))
    .filter((tile) => tile.tile_type !== "text");
}

function fieldsOf(document: DashboardDocument): DashboardFields {
  return Object.fromEntries(
    DASHBOARD_FIELDS.map((field) => [field, document[field]]),
  ) as unknown as DashboardFields;
}

/** The datasource a new tile begins with: the one most tiles here use, else the default one, else the first. */
export function usual<T extends { id: string; is_default: boolean; can_use: boolean }>(
  document: Pick<DashboardDocument, "tiles">,
  sources: readonly T[],
): T | undefined {
  const usable = sources.filter((source) => source.can_use);
  const uses = (id: string): number =>
    Object.values(document.tiles).filter((tile) => tile.datasource_id === id).length;
  const busiest = usable.toSorted((a, b) => uses(b.id) - uses(a.id))[0];
  if (busiest && uses(busiest.id) > 0) return busiest;
  return usable.find((source) => source.is_default) ?? usable[0];
}
