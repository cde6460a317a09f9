/** Dashboards, their pages and tiles: reading, and the writes that need no editor. */
import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { ask, del, get, post, put, versionOf } from "../client";
import { keys } from "../keys";
import type { Dashboard, DashboardSummary, Layout, Page, Revision, Tile } from "../types";

export const PAGE_SIZE = 50;

export interface DashboardSearch {
  search?: string;
  workspace_id?: string;
  include_archived?: boolean;
}

export interface DashboardSlice {
  items: DashboardSummary[];
  total: number;
}

export async function listDashboards(
  search: DashboardSearch,
  offset: number,
  limit = PAGE_SIZE,
  signal?: AbortSignal,
): Promise<DashboardSlice> {
  const { data, headers } = await ask<DashboardSummary[]>("/api/dashboards/", {
    params: { ...search, limit, offset },
    signal,
  });
  return { items: data, total: Number(headers.get("X-Total-Count") ?? offset + data.length) };
}

export function dashboardListQuery(search: DashboardSearch) {
  return infiniteQueryOptions({
    queryKey: keys.dashboardList(search),
    queryFn: ({ pageParam, signal }) => listDashboards(search, pageParam, PAGE_SIZE, signal),
    initialPageParam: 0,
    getNextPageParam: (last: DashboardSlice, all: DashboardSlice[]) => {
      const seen = all.reduce((count, slice) => count + slice.items.length, 0);
      return last.items.length > 0 && seen < last.total ? seen : undefined;
    },
  });
}

export function dashboardQuery(id: string) {
  return queryOptions({
    queryKey: keys.dashboard(id),
    queryFn: ({ signal }) => get<Dashboard>(`/api/dashboards/${id}`, undefined, signal),
  });
}

export interface DashboardInput {
  name: string;
  description?: string | null;
  workspace_id?: string | null;
  layout?: Layout;
  refresh_interval_seconds?: number | null;
  is_archived?: boolean;
  time_zone?: string | null;
  tags?: string[];
  filters?: unknown[];
  settings?: Record<string, unknown>;
}

export function createDashboard(body: DashboardInput): Promise<Dashboard> {
  return post<Dashboard>("/api/dashboards/", body);
}

export function updateDashboard(
  id: string,
  body: Partial<DashboardInput>,
  ifMatch?: number,
): Promise<Dashboard> {
  return put<Dashboard>(`/api/dashboards/${id}`, body, { ifMatch });
}

export function archiveDashboard(id: string): Promise<void> {
  return post<void>(`/api/dashboards/${id}/archive`);
}

export function deleteDashboard(id: string): Promise<void> {
  return del(`/api/dashboards/${id}`);
}

export type TileInput = Partial<
  Pick<
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
    | "content"
    | "chart_config"
    | "grid_x"
    | "grid_y"
    | "grid_w"
    | "grid_h"
    | "cache_ttl_seconds"
  >
>;

/** What a write of part of a dashboard answers: the thing, and the dashboard's new version. */
export interface Written<T> {
  value: T;
  version: number | null;
}

async function write<T>(
  method: "POST" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
  ifMatch?: number | null,
): Promise<Written<T>> {
  const { data, headers } = await ask<T>(path, { method, body, ifMatch });
  return { value: data, version: versionOf(headers) };
}

export function addTile(id: string, tile: TileInput, ifMatch?: number | null) {
  return write<Tile>("POST", `/api/dashboards/${id}/tiles`, tile, ifMatch);
}

export function updateTile(id: string, tileId: string, tile: TileInput, ifMatch?: number | null) {
  return write<Tile>("PUT", `/api/dashboards/${id}/tiles/${tileId}`, tile, ifMatch);
}

export function deleteTile(id: string, tileId: string, ifMatch?: number | null) {
  return write<void>("DELETE", `/api/dashboards/${id}/tiles/${tileId}`, undefined, ifMatch);
}

export interface TilePlace {
  tile_id: string;
  grid_x: number;
  grid_y: number;
  grid_w: number;
  grid_h: number;
  page_id?: string;
}

export function placeTiles(id: string, layouts: TilePlace[], ifMatch?: number | null) {
  return write<void>("PUT", `/api/dashboards/${id}/tiles/layout`, { layouts }, ifMatch);
}

export function addPage(id: string, name: string, ifMatch?: number | null) {
  return write<Page>("POST", `/api/dashboards/${id}/pages`, { name }, ifMatch);
}

export function renamePage(id: string, pageId: string, name: string, ifMatch?: number | null) {
  return write<Page>("PUT", `/api/dashboards/${id}/pages/${pageId}`, { name }, ifMatch);
}

export function deletePage(id: string, pageId: string, ifMatch?: number | null) {
  return write<void>("DELETE", `/api/dashboards/${id}/pages/${pageId}`, undefined, ifMatch);
}

export function orderPages(id: string, pageIds: string[], ifMatch?: number | null) {
  return write<void>("PUT", `/api/dashboards/${id}/pages/order`, { page_ids: pageIds }, ifMatch);
}

export function revisionsQuery(id: string) {
  return queryOptions({
    queryKey: keys.revisions(id),
    queryFn: ({ signal }) => get<Revision[]>(`/api/dashboards/${id}/revisions`, { limit: 50 }, signal),
  });
}

/** Call after a dashboard changed: lists and the dashboard itself are read again. */
export function dashboardChanged(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: keys.dashboards });
}
