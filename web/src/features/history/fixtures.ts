/** A small dashboard for the tests of this folder: two pages, three tiles. */

import type { LoadedDashboard, TileDoc } from "./document";

export function tile(id: string, fields: Partial<TileDoc> = {}): TileDoc {
  return {
    id,
    page_id: "p1",
    title: id,
    tile_type: "chart",
    chart_type: "bar",
    datasource_id: "ds",
    catalog: null,
    schema: null,
    query: "SELECT 1 AS n",
    metric_query: null,
    content: null,
    chart_config: { xField: "n" },
    grid_x: 0,
    grid_y: 0,
    grid_w: 6,
    grid_h: 4,
    cache_ttl_seconds: null,
    ...fields,
  };
}

export function dashboard(fields: Partial<LoadedDashboard> = {}): LoadedDashboard {
  return {
    id: "d",
    version: 1,
    name: "Sales",
    description: null,
    layout: { columns: 12, rowHeight: 80, gap: 16 },
    refresh_interval_seconds: null,
    time_zone: "UTC",
    tags: [],
    pages: [
      { id: "p1", name: "Overview", page_order: 0 },
      { id: "p2", name: "Detail", page_order: 1 },
    ],
    tiles: [tile("a"), tile("b", { grid_x: 6 }), tile("c", { page_id: "p2" })],
    ...fields,
  };
}
