/**
 * From what the server has to what the person sees, as calls of the API. `nextOperation` names the first
 * call, `applied` says what the server has after it (the server's rule of the grid included), `rolledBackTo`
 * takes one refused call out of the person's document. Pure: the queue and the network are elsewhere.
 */

import { type Item, pushDown } from "../grid/rules";
import {
  CONTENT_FIELDS,
  DASHBOARD_FIELDS,
  type DashboardDocument,
  type DashboardFields,
  GRID_FIELDS,
  gridOf,
  isSame,
  type PageDoc,
  type TileDoc,
} from "./document";
import { itemsOf } from "./edits";

export type Placement = Pick<TileDoc, (typeof GRID_FIELDS)[number] | "page_id"> & { tile_id: string };

export type Operation =
  | { kind: "dashboard.update"; changes: Partial<DashboardFields> }
  | { kind: "page.create"; page: PageDoc }
  | { kind: "page.rename"; id: string; name: string }
  | { kind: "page.delete"; id: string }
  | { kind: "page.order"; ids: string[] }
  | { kind: "tile.create"; tile: TileDoc }
  | { kind: "tile.update"; id: string; changes: Partial<TileDoc> }
  | { kind: "tile.delete"; id: string }
  | { kind: "layout"; placements: Placement[] };

/**
 * The first call that brings `server` nearer to `wanted`, or null when they are the same. The order keeps
 * every state between two calls a sound one: pages exist before tiles move to them, tiles leave a page
 * before it is deleted, the layout comes after all that could push tiles.
 */
export function nextOperation(server: DashboardDocument, wanted: DashboardDocument): Operation | null {
  return (
    dashboardUpdate(server, wanted) ??
    pageCreate(server, wanted) ??
    pageRename(server, wanted) ??
    tileDelete(server, wanted) ??
    tileCreate(server, wanted) ??
    tileUpdate(server, wanted) ??
    layout(server, wanted) ??
    pageDelete(server, wanted) ??
    pageOrder(server, wanted)
  );
}

/** All calls, in order. */
export function operations(server: DashboardDocument, wanted: DashboardDocument): Operation[] {
  const all: Operation[] = [];
  let state = server;
  for (let next = nextOperation(state, wanted); next; next = nextOperation(state, wanted)) {
    all.push(next);
    state = applied(state, next);
  }
  return all;
}

/** What the server has after it took the call. */
export function applied(server: DashboardDocument, operation: Operation): DashboardDocument {
  switch (operation.kind) {
    case "dashboard.update":
      return { ...server, ...operation.changes };
    case "page.create":
      return {
        ...server,
        pages: { ...server.pages, [operation.page.id]: operation.page },
        pageOrder: [...server.pageOrder, operation.page.id],
      };
    case "page.rename":
      return withPage(server, operation.id, { id: operation.id, name: operation.name });
    case "page.delete":
      return withoutPage(server, operation.id);
    case "page.order":
      return { ...server, pageOrder: operation.ids };
    case "tile.create":
      return settled(withTile(server, operation.tile), operation.tile.page_id, [operation.tile.id]);
    case "tile.update":
      return afterUpdate(server, operation.id, operation.changes);
    case "tile.delete":
      return { ...server, tiles: without(server.tiles, operation.id) };
    case "layout":
      return operation.placements.reduce(placed, server);
  }
}

/**
 * The person's document without what the refused call was about: there it takes the server's word, all else
 * stays. `subjects` names what was touched, for the history.
 */
export function rolledBackTo(
  server: DashboardDocument,
  wanted: DashboardDocument,
  refused: Operation,
): { document: DashboardDocument; subjects: string[] } {
  switch (refused.kind) {
    case "dashboard.update": {
      const fields = Object.keys(refused.changes);
      const old = Object.fromEntries(Object.entries(server).filter(([field]) => fields.includes(field)));
      return { document: { ...wanted, ...old }, subjects: fields };
    }
    case "page.create":
      return {
        document: withoutPage(wanted, refused.page.id),
        subjects: touchedByPage(wanted, refused.page.id),
      };
    case "page.rename": {
      const page = server.pages[refused.id];
      return {
        document: page ? withPage(wanted, refused.id, page) : wanted,
        subjects: [`pages/${refused.id}`],
      };
    }
    case "page.delete":
      return {
        document: withPageBack(server, wanted, refused.id),
        subjects: touchedByPage(server, refused.id),
      };
    case "page.order":
      return { document: { ...wanted, pageOrder: sameOrder(server, wanted) }, subjects: ["pageOrder"] };
    case "tile.create":
      return {
        document: { ...wanted, tiles: without(wanted.tiles, refused.tile.id) },
        subjects: [`tiles/${refused.tile.id}`],
      };
    case "tile.update":
    case "tile.delete":
      return { document: withServerTile(server, wanted, refused.id), subjects: [`tiles/${refused.id}`] };
    case "layout": {
      const ids = refused.placements.map((placement) => placement.tile_id);
      return {
        document: ids.reduce((state, id) => withServerPlace(server, state, id), wanted),
        subjects: ids.map((id) => `tiles/${id}`),
      };
    }
  }
}

function dashboardUpdate(server: DashboardDocument, wanted: DashboardDocument): Operation | null {
  const changes = differing(server, wanted, DASHBOARD_FIELDS);
  return changes ? { kind: "dashboard.update", changes } : null;
}

function pageCreate(server: DashboardDocument, wanted: DashboardDocument): Operation | null {
  const id = wanted.pageOrder.find((pageId) => !server.pages[pageId]);
  const page = id === undefined ? undefined : wanted.pages[id];
  return page ? { kind: "page.create", page } : null;
}

function pageRename(server: DashboardDocument, wanted: DashboardDocument): Operation | null {
  const page = Object.values(wanted.pages).find(
    ({ id, name }) => server.pages[id] && server.pages[id].name !== name,
  );
  return page ? { kind: "page.rename", id: page.id, name: page.name } : null;
}

/** A tile of a page that goes is deleted with its page. */
function tileDelete(server: DashboardDocument, wanted: DashboardDocument): Operation | null {
  const tile = Object.values(server.tiles).find(
    ({ id, page_id }) => !wanted.tiles[id] && wanted.pages[page_id],
  );
  return tile ? { kind: "tile.delete", id: tile.id } : null;
}

function tileCreate(server: DashboardDocument, wanted: DashboardDocument): Operation | null {
  const tile = byPlace(wanted).find(({ id }) => !server.tiles[id]);
  return tile ? { kind: "tile.create", tile } : null;
}

function tileUpdate(server: DashboardDocument, wanted: DashboardDocument): Operation | null {
  for (const tile of byPlace(wanted)) {
    const old = server.tiles[tile.id];
    const changes = old && differing(old, tile, CONTENT_FIELDS);
    if (changes) return { kind: "tile.update", id: tile.id, changes };
  }
  return null;
}

/** One call names every tile of each page where something moved, so that nothing is left to the pushing. */
function layout(server: DashboardDocument, wanted: DashboardDocument): Operation | null {
  const fields = [...GRID_FIELDS, "page_id"] as const;
  const moved = Object.values(wanted.tiles).filter((tile) => {
    const old = server.tiles[tile.id];
    return old && differing(old, tile, fields);
  });
  if (moved.length === 0) return null;
  const pages = new Set(moved.map((tile) => tile.page_id));
  const placements = byPlace(wanted)
    .filter((tile) => pages.has(tile.page_id))
    .map(({ id, page_id, grid_x, grid_y, grid_w, grid_h }) => ({
      tile_id: id,
      page_id,
      grid_x,
      grid_y,
      grid_w,
      grid_h,
    }));
  return { kind: "layout", placements };
}

function pageDelete(server: DashboardDocument, wanted: DashboardDocument): Operation | null {
  const id = server.pageOrder.find((pageId) => !wanted.pages[pageId]);
  return id === undefined ? null : { kind: "page.delete", id };
}

function pageOrder(server: DashboardDocument, wanted: DashboardDocument): Operation | null {
  return isSame(server.pageOrder, wanted.pageOrder) ? null : { kind: "page.order", ids: wanted.pageOrder };
}

function differing<T extends object, K extends keyof T>(a: T, b: T, fields: readonly K[]): Partial<T> | null {
  const changes: Partial<T> = {};
  for (const field of fields) if (!isSame(a[field], b[field])) changes[field] = b[field];
  return Object.keys(changes).length > 0 ? changes : null;
}

function byPlace(document: DashboardDocument): TileDoc[] {
  return Object.values(document.tiles).sort((a, b) => a.grid_y - b.grid_y || a.grid_x - b.grid_x);
}

function afterUpdate(server: DashboardDocument, id: string, changes: Partial<TileDoc>): DashboardDocument {
  const old = server.tiles[id];
  if (!old) return server;
  const tile = { ...old, ...changes };
  const moved = differing(old, tile, [...GRID_FIELDS, "page_id"]) !== null;
  const next = withTile(server, tile);
  return moved ? settled(next, tile.page_id, [id]) : next;
}

function settled(document: DashboardDocument, pageId: string, fixed: readonly string[]): DashboardDocument {
  const items = pushDown(itemsOf(document, pageId), new Set(fixed));
  return items.reduce((state, item) => withCell(state, item), document);
}

function withCell(document: DashboardDocument, item: Item): DashboardDocument {
  const tile = document.tiles[item.id];
  return tile ? withTile(document, { ...tile, ...gridOf(item) }) : document;
}

function placed(document: DashboardDocument, { tile_id, ...place }: Placement): DashboardDocument {
  const tile = document.tiles[tile_id];
  return tile ? withTile(document, { ...tile, ...place }) : document;
}

function withTile(document: DashboardDocument, tile: TileDoc): DashboardDocument {
  return { ...document, tiles: { ...document.tiles, [tile.id]: tile } };
}

function withServerTile(server: DashboardDocument, wanted: DashboardDocument, id: string): DashboardDocument {
  const tile = server.tiles[id];
  return tile ? settled(withTile(wanted, tile), tile.page_id, []) : wanted;
}

function withServerPlace(
  server: DashboardDocument,
  wanted: DashboardDocument,
  id: string,
): DashboardDocument {
  const old = server.tiles[id];
  const tile = wanted.tiles[id];
  if (!old || !tile) return wanted;
  const { grid_x, grid_y, grid_w, grid_h, page_id } = old;
  return withTile(wanted, { ...tile, grid_x, grid_y, grid_w, grid_h, page_id });
}

function withPage(document: DashboardDocument, id: string, page: PageDoc): DashboardDocument {
  return document.pages[id] ? { ...document, pages: { ...document.pages, [id]: page } } : document;
}

function withoutPage(document: DashboardDocument, id: string): DashboardDocument {
  const kept = Object.entries(document.tiles).filter(([, tile]) => tile.page_id !== id);
  return {
    ...document,
    pages: without(document.pages, id),
    pageOrder: document.pageOrder.filter((pageId) => pageId !== id),
    tiles: Object.fromEntries(kept),
  };
}

function withPageBack(server: DashboardDocument, wanted: DashboardDocument, id: string): DashboardDocument {
  const page = server.pages[id];
  if (!page) return wanted;
  const back = Object.entries(server.tiles).filter(
    ([tileId, tile]) => tile.page_id === id && !wanted.tiles[tileId],
  );
  const next = {
    ...wanted,
    pages: { ...wanted.pages, [id]: page },
    tiles: { ...wanted.tiles, ...Object.fromEntries(back) },
  };
  return { ...next, pageOrder: sameOrder(server, next) };
}

/** The pages of `wanted` in the server's order; pages the server does not know come last. */
function sameOrder(server: DashboardDocument, wanted: DashboardDocument): string[] {
  const known = server.pageOrder.filter((id) => wanted.pages[id]);
  return [...known, ...wanted.pageOrder.filter((id) => !server.pages[id])];
}

function touchedByPage(document: DashboardDocument, id: string): string[] {
  const tiles = Object.values(document.tiles).filter((tile) => tile.page_id === id);
  return [`pages/${id}`, "pageOrder", ...tiles.map((tile) => `tiles/${tile.id}`)];
}

function without<T>(record: Record<string, T>, id: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== id));
}
