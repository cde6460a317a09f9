/** Things for tests, with sensible values, and the frame that components stand in. */

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router";
import { type RenderResult, render } from "@testing-library/react";
import type { ReactNode } from "react";
import type { Dashboard, DashboardSummary, Me, Tile, TileData } from "@/api/types";

const THEN = "2026-11-21T12:00:00Z";

export function makeMe(extra: Partial<Me> = {}): Me {
  return {
    id: "u1",
    email: "ana@example.com",
    name: "Ana",
    role: "editor",
    tenant_id: "default",
    tenant_name: "default",
    has_password: true,
    attributes: {},
    ...extra,
  };
}

export function makeSummary(extra: Partial<DashboardSummary> = {}): DashboardSummary {
  return {
    id: "d1",
    name: "Sales",
    description: null,
    tile_count: 3,
    is_public: false,
    is_archived: false,
    owner_name: "Ana",
    workspace_id: null,
    workspace_name: null,
    tags: [],
    can_edit: true,
    created_at: THEN,
    updated_at: THEN,
    ...extra,
  };
}

export function makeTile(extra: Partial<Tile> = {}): Tile {
  return {
    id: "t1",
    dashboard_id: "d1",
    page_id: "p1",
    title: "Revenue",
    tile_type: "table",
    chart_type: null,
    datasource_id: "s1",
    metric_query: null,
    catalog: null,
    schema: null,
    query: "SELECT 1",
    content: null,
    chart_config: {},
    grid_x: 0,
    grid_y: 0,
    grid_w: 6,
    grid_h: 4,
    cache_ttl_seconds: null,
    warnings: [],
    created_at: THEN,
    updated_at: THEN,
    ...extra,
  };
}

export function makeDashboard(extra: Partial<Dashboard> = {}): Dashboard {
  return {
    id: "d1",
    name: "Sales",
    description: "How much, and where",
    user_id: "u1",
    workspace_id: null,
    workspace_name: null,
    layout: { columns: 12, rowHeight: 80, gap: 16 },
    refresh_interval_seconds: null,
    time_zone: "UTC",
    tags: [],
    filters: [],
    settings: {},
    is_public: false,
    share_token: null,
    is_archived: false,
    created_at: THEN,
    updated_at: THEN,
    tile_count: 1,
    owner_name: "Ana",
    version: 1,
    can_edit: true,
    can_own: true,
    pages: [{ id: "p1", name: "Overview", page_order: 0 }],
    tiles: [makeTile()],
    ...extra,
  };
}

export function makeTileData(extra: Partial<TileData> = {}): TileData {
  return {
    id: "t1",
    title: "Revenue",
    tile_type: "table",
    data: { columns: ["region", "revenue"], rows: [{ region: "North", revenue: 150 }] },
    error: null,
    error_code: null,
    executed_at: THEN,
    types: { region: "text", revenue: "int" },
    row_count: 1,
    truncated: false,
    cache: "fresh",
    duration_ms: 4,
    warnings: [],
    ...extra,
  };
}

type Reply = (body: unknown, url: URL) => Response | Promise<Response>;

/** A server of a few routes, `"GET /api/x"` to an answer. What nobody expected is a 404 that names itself. */
export function fakeServer(routes: Record<string, Reply>): { asked: string[]; fetch: typeof fetch } {
  const asked: string[] = [];
  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const url = new URL(String(input), "http://tesela.test");
    const name = `${init?.method ?? "GET"} ${url.pathname}`;
    asked.push(`${name}${url.search}`);
    const body: unknown = init?.body ? JSON.parse(String(init.body)) : undefined;
    const reply = routes[name];
    return reply ? reply(body, url) : Response.json({ detail: `nothing at ${name}` }, { status: 404 });
  };
  return { asked, fetch };
}

/** Renders inside theme, query client and a router in memory; links lead to empty pages. */
export async function renderPage(page: ReactNode, me: Me | null = makeMe()): Promise<RenderResult> {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  if (me) client.setQueryData(["me"], me);
  const root = createRootRoute({ component: Outlet });
  const here = createRoute({ getParentRoute: () => root, path: "/", component: () => page });
  const elsewhere = [
    "/dashboards",
    "/dashboards/$id",
    "/datasources",
    "/datasources/$id",
    "/catalogue",
    "/catalogue/$name",
  ].map((path) => createRoute({ getParentRoute: () => root, path, component: () => null }));
  const router = createRouter({
    routeTree: root.addChildren([here, ...elsewhere]),
    history: createMemoryHistory({ initialEntries: ["/"] }),
  });
  await router.load();
  return render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </MantineProvider>,
  );
}
