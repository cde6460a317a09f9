/** The state of one dashboard in edit mode: the timeline, its saving, and what the server refused. */

import { createStore, type StoreApi } from "zustand/vanilla";
import { type DashboardDocument, type LoadedDashboard, toDocument } from "./document";
import type { Edit } from "./edits";
import {
  type Outcome,
  type Refusal,
  SaveQueue,
  type Saver,
  type SaveState,
  type Schedule,
} from "./saveQueue";
import { edited, redone, renamedId, rolledBack, started, type Timeline, undone } from "./timeline";

export interface EditingState {
  timeline: Timeline;
  save: SaveState;
  /** The last edit the server refused; the interface shows it once. */
  refusal: Refusal | null;
  /** Old page id -> the id the server gave. */
  renamedPages: Record<string, string>;
  edit(edit: Edit): void;
  undo(): void;
  redo(): void;
  flush(): Promise<Outcome>;
  retry(): void;
  reload(): Promise<void>;
  isDirty(): boolean;
  close(): void;
}

export type EditingStore = StoreApi<EditingState>;

export interface EditingOptions {
  clock?: () => number;
  schedule?: Schedule;
}

export function createEditing(
  loaded: LoadedDashboard,
  saver: Saver,
  { clock = Date.now, schedule }: EditingOptions = {},
): EditingStore {
  const store = createStore<EditingState>((set, get) => ({
    timeline: started(toDocument(loaded)),
    save: { kind: "saved" },
    refusal: null,
    renamedPages: {},
    edit: (edit) => move(edited(get().timeline, edit, clock())),
    undo: () => move(undone(get().timeline)),
    redo: () => move(redone(get().timeline)),
    flush: () => queue.flush(),
    retry: () => queue.retry(),
    isDirty: () => queue.isDirty,
    close: () => queue.close(),
    reload: async () => {
      const fresh = await saver.load();
      queue.reset(fresh);
      set({ timeline: started(toDocument(fresh)), refusal: null });
    },
  }));

  const queue = new SaveQueue(
    saver,
    {
      read: (): DashboardDocument => store.getState().timeline.document,
      onState: (save) => store.setState({ save }),
      onRefused: (refusal, document, subjects) =>
        store.setState(({ timeline }) => ({ refusal, timeline: rolledBack(timeline, document, subjects) })),
      onPageId: (from, to) =>
        store.setState(({ timeline, renamedPages }) => ({
          timeline: renamedId(timeline, from, to),
          renamedPages: { ...renamedPages, [from]: to },
        })),
    },
    loaded,
    schedule,
  );

  function move(timeline: Timeline): void {
    if (timeline === store.getState().timeline) return;
    store.setState({ timeline });
    queue.changed();
  }

  return store;
}
