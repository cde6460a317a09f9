/**
 * The dashboard while it is edited: everything a person can change, and nothing else. Tiles and pages are
 * kept by id, so that a patch names the thing it changes and stays true when other things come and go.
 */

import type { Layout, Tile } from "@/api/types";
import type { Cell } from "../grid/rules";

export type TileDoc = Pick<
  Tile,
  | "id"
  | "page_id"
  | "title"
  | "tile_type"
  | "chart_type"
  | "datasource_id"
  | "catalog"
  | "schema"
  | "query"
  | "metric_query"
  | "content"
  | "chart_config"
  | "grid_x"
  | "grid_y"
  | "grid_w"
  | "grid_h"
  | "cache_ttl_seconds"
>;

export interface PageDoc {
  id: string;
  name: string;
}

/** What `PUT /api/dashboards/{id}` changes. */
export interface DashboardFields {
  name: string;
  description: string | null;
  layout: Layout;
  refresh_interval_seconds: number | null;
  time_zone: string;
  tags: string[];
  /** As the server keeps them; members we do not know stay. */
  filters: Record<string, unknown>[];
}

export interface DashboardDocument extends DashboardFields {
  pages: Record<string, PageDoc>;
  pageOrder: string[];
  tiles: Record<string, TileDoc>;
}

/** What an answer of the API must hold so that it can be edited. */
export interface LoadedDashboard {
  id: string;
  version: number;
  name: string;
  description: string | null;
  layout: Layout;
  refresh_interval_seconds: number | null;
  time_zone: string | null;
  tags: readonly string[];
  filters?: readonly Record<string, unknown>[];
  pages: readonly (PageDoc & { page_order?: number })[];
  tiles: readonly (Partial<TileDoc> & Pick<TileDoc, "id" | "title" | "tile_type">)[];
}

export const DASHBOARD_FIELDS = [
  "name",
  "description",
  "layout",
  "refresh_interval_seconds",
  "time_zone",
  "tags",
  "filters",
] as const satisfies readonly (keyof DashboardFields)[];

/** The fields of a tile that say what it shows; where it lies is in GRID_FIELDS. */
export const CONTENT_FIELDS = [
  "title",
  "tile_type",
  "chart_type",
  "datasource_id",
  "catalog",
  "schema",
  "query",
  "metric_query",
  "content",
  "chart_config",
  "cache_ttl_seconds",
] as const satisfies readonly (keyof TileDoc)[];

export const GRID_FIELDS = [
  "grid_x",
  "grid_y",
  "grid_w",
  "grid_h",
] as const satisfies readonly (keyof TileDoc)[];

export function toDocument(loaded: LoadedDashboard): DashboardDocument {
  const pages = [...loaded.pages].sort((a, b) => (a.page_order ?? 0) - (b.page_order ?? 0));
  const firstPage = pages[0]?.id ?? "";
  return {
    name: loaded.name,
    description: loaded.description,
    layout: { ...loaded.layout },
    refresh_interval_seconds: loaded.refresh_interval_seconds,
    time_zone: loaded.time_zone ?? "UTC",
    tags: [...loaded.tags],
    filters: structuredClone([...(loaded.filters ?? [])]),
    pages: Object.fromEntries(pages.map(({ id, name }) => [id, { id, name }])),
    pageOrder: pages.map((page) => page.id),
    tiles: Object.fromEntries(loaded.tiles.map((tile) => [tile.id, toTile(tile, firstPage)])),
  };
}

function toTile(tile: LoadedDashboard["tiles"][number], firstPage: string): TileDoc {
  return {
    id: tile.id,
    page_id: tile.page_id ?? firstPage,
    title: tile.title,
    tile_type: tile.tile_type,
    chart_type: tile.chart_type ?? null,
    datasource_id: tile.datasource_id ?? null,
    catalog: tile.catalog ?? null,
    schema: tile.schema ?? null,
    // The server shows the SQL that metrics become; it is not the tile's own.
    query: tile.metric_query ? null : (tile.query ?? null),
    metric_query: tile.metric_query ?? null,
    content: tile.content ?? null,
    chart_config: tile.chart_config ?? {},
    grid_x: tile.grid_x ?? 0,
    grid_y: tile.grid_y ?? 0,
    grid_w: tile.grid_w ?? 6,
    grid_h: tile.grid_h ?? 4,
    cache_ttl_seconds: tile.cache_ttl_seconds ?? null,
  };
}

/** The tiles of a page in reading order. */
export function tilesOf(document: DashboardDocument, pageId: string): TileDoc[] {
  return Object.values(document.tiles)
    .filter((tile) => tile.page_id === pageId)
    .sort((a, b) => a.grid_y - b.grid_y || a.grid_x - b.grid_x || (a.id < b.id ? -1 : 1));
}

export function cellOf(tile: TileDoc): Cell {
  return { x: tile.grid_x, y: tile.grid_y, w: tile.grid_w, h: tile.grid_h };
}

export function gridOf(cell: Cell): Pick<TileDoc, (typeof GRID_FIELDS)[number]> {
  return { grid_x: cell.x, grid_y: cell.y, grid_w: cell.w, grid_h: cell.h };
}

/** Deep equality of JSON values; the order of an object's keys does not matter. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a).filter(([, value]) => value !== undefined);
  const right = new Map(Object.entries(b).filter(([, value]) => value !== undefined));
  return (
    left.length === right.size &&
    left.every(([key, value]) => right.has(key) && isSame(value, right.get(key)))
  );
}
