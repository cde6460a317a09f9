/**
 * Every edit a person can make, as a recipe for a draft of the document. A recipe throws nothing: what is
 * not there stays untouched. The sentence of an edit ("Move 'Revenue'") is what Undo shows.
 */

import type { Draft } from "immer";
import {
  type Cell,
  closeUp,
  firstFreePlace,
  type Item,
  isInside,
  overlaps,
  pushDown,
  withCell,
} from "../grid/rules";
import {
  cellOf,
  type DashboardDocument,
  type DashboardFields,
  gridOf,
  isSame,
  type PageDoc,
  type TileDoc,
  tilesOf,
} from "./document";
import { useHistoryText } from "./messages";

/** group: edits of the same group that follow one another closely are one step (typing). */
export interface Edit {
  label: string;
  group?: string;
  recipe: (draft: Draft<DashboardDocument>) => void;
}

export type NewTile = Omit<TileDoc, "grid_x" | "grid_y"> & Partial<Pick<TileDoc, "grid_x" | "grid_y">>;

const say = useHistoryText.now;

export function named(title: string): string {
  const text = say();
  return title.trim() === "" ? text.untitled : text.named(title.trim());
}

/** Adds a tile: where it says, or at the first free place at the bottom of its page. */
export function addTile(tile: NewTile): Edit {
  return {
    label: say().add(named(tile.title)),
    recipe: (draft) => {
      const others = tilesOf(draft, tile.page_id);
      const free = firstFreePlace(others.map(cellOf), tile.grid_w, tile.grid_h);
      const place = { ...free, x: tile.grid_x ?? free.x, y: tile.grid_y ?? free.y };
      draft.tiles[tile.id] = { ...tile, ...gridOf(place) };
      settle(draft, tile.page_id, new Set([tile.id]));
    },
  };
}

export function changeTile(tile: TileDoc, changes: Partial<TileDoc>): Edit {
  return {
    label: say().edit(named(changes.title ?? tile.title)),
    recipe: (draft) => {
      const target = draft.tiles[tile.id];
      if (!target) return;
      for (const [field, value] of Object.entries({ ...changes, id: tile.id })) {
        if (!isSame(target[field as keyof TileDoc], value)) Object.assign(target, { [field]: value });
      }
    },
  };
}

/** A copy to the right where there is room, else below the original; what is in its way there moves down. */
export function duplicateTile(tile: TileDoc, newId: string): Edit {
  const copy = { ...structuredClone(tile), id: newId, title: say().copyOf(tile.title).trim() };
  const right = { ...cellOf(tile), x: tile.grid_x + tile.grid_w };
  const below = { ...cellOf(tile), y: tile.grid_y + tile.grid_h };
  return {
    label: say().duplicate(named(tile.title)),
    recipe: (draft) => {
      const others = tilesOf(draft, tile.page_id).map(cellOf);
      const isFree = isInside(right) && !others.some((other) => overlaps(right, other));
      addTile({ ...copy, ...gridOf(isFree ? right : below) }).recipe(draft);
    },
  };
}

export function deleteTile(tile: TileDoc): Edit {
  return {
    label: say().remove(named(tile.title)),
    recipe: (draft) => {
      delete draft.tiles[tile.id];
    },
  };
}

/** Puts the tile at the first free place at the bottom of another page. */
export function moveToPage(tile: TileDoc, page: PageDoc): Edit {
  return {
    label: say().moveTo(named(tile.title), page.name),
    recipe: (draft) => {
      const target = draft.tiles[tile.id];
      if (!target || !draft.pages[page.id] || target.page_id === page.id) return;
      const place = firstFreePlace(tilesOf(draft, page.id).map(cellOf), target.grid_w, target.grid_h);
      Object.assign(target, { page_id: page.id }, gridOf(place));
    },
  };
}

/** Moves or resizes one tile; all that it pushes down belongs to the same step. */
export function placeTile(tile: TileDoc, cell: Cell): Edit {
  const resized = cell.w !== tile.grid_w || cell.h !== tile.grid_h;
  return {
    label: (resized ? say().resize : say().move)(named(tile.title)),
    recipe: (draft) => {
      const target = draft.tiles[tile.id];
      if (!target) return;
      putCells(draft, withCell(itemsOf(draft, target.page_id), tile.id, cell));
    },
  };
}

/** Moves the tiles of a page up into the gaps above them. */
export function closeGaps(page: PageDoc): Edit {
  return {
    label: say().closeGaps(page.name),
    recipe: (draft) => putCells(draft, closeUp(itemsOf(draft, page.id))),
  };
}

export function changeDashboard(changes: Partial<DashboardFields>): Edit {
  const fields = Object.keys(changes);
  return {
    label: labelOf(fields),
    group: fields.length === 1 && fields[0] !== "filters" ? `dashboard:${fields[0]}` : undefined,
    recipe: (draft) => {
      Object.assign(draft, changes);
    },
  };
}

function labelOf([field, ...others]: readonly string[]): string {
  if (others.length > 0 || field === undefined) return say().changeSettings;
  if (field === "name") return say().renameDashboard;
  return field === "filters" ? say().changeFilters : say().changeSettings;
}

export function addPage(page: PageDoc): Edit {
  return {
    label: say().addPage(page.name),
    recipe: (draft) => {
      draft.pages[page.id] = page;
      draft.pageOrder = [...draft.pageOrder, page.id];
    },
  };
}

export function renamePage(page: PageDoc, name: string): Edit {
  return {
    label: say().renamePage(page.name),
    group: `page:${page.id}`,
    recipe: (draft) => {
      const target = draft.pages[page.id];
      if (target) target.name = name;
    },
  };
}

export function movePage(page: PageDoc, by: -1 | 1): Edit {
  return {
    label: say().movePage(page.name),
    recipe: (draft) => {
      const order = [...draft.pageOrder];
      const from = order.indexOf(page.id);
      const to = from + by;
      if (from < 0 || to < 0 || to >= order.length) return;
      order.splice(to, 0, ...order.splice(from, 1));
      draft.pageOrder = order;
    },
  };
}

/** Takes the page away with its tiles; the last page stays. */
export function deletePage(page: PageDoc): Edit {
  return {
    label: say().deletePage(page.name),
    recipe: (draft) => {
      if (draft.pageOrder.length < 2 || !draft.pages[page.id]) return;
      for (const tile of tilesOf(draft, page.id)) delete draft.tiles[tile.id];
      delete draft.pages[page.id];
      draft.pageOrder = draft.pageOrder.filter((id) => id !== page.id);
    },
  };
}

export function itemsOf(document: DashboardDocument, pageId: string): Item[] {
  return tilesOf(document, pageId).map((tile) => ({ id: tile.id, ...cellOf(tile) }));
}

function settle(draft: Draft<DashboardDocument>, pageId: string, fixed: ReadonlySet<string>): void {
  putCells(draft, pushDown(itemsOf(draft, pageId), fixed));
}

function putCells(draft: Draft<DashboardDocument>, items: readonly Item[]): void {
  for (const item of items) {
    const tile = draft.tiles[item.id];
    if (tile) Object.assign(tile, gridOf(item));
  }
}
