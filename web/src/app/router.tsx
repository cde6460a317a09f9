/** The addresses of the app. Each page is its own chunk. */

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { meQuery } from "@/api/queries/auth";
import { dashboardQuery } from "@/api/queries/dashboards";
import { publicPageQuery } from "@/api/queries/sharing";
import { type StateSearch, stateSearchOf } from "@/interaction/address";
import {
  type DashboardSearch,
  type FrameSearch,
  readAuditSearch,
  readCatalogueSearch,
  readDashboardSearch,
  readFrameSearch,
  readListSearch,
  readLoginSearch,
  readPublicSearch,
} from "@/lib/url";
import { queryClient } from "./queryClient";
import { NotFound } from "./shell/NotFound";
import { RouteError } from "./shell/RouteError";
import { Shell } from "./shell/Shell";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

export const loginRoute = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: readLoginSearch,
  component: lazyRouteComponent(() => import("./routes/login"), "LoginRoute"),
});

const publicRoute = createRoute({
  getParentRoute: () => root,
  path: "/dashboards/shared/$token",
  validateSearch: readPublicSearch,
  loader: ({ params }) => {
    void queryClient.prefetchQuery(publicPageQuery(params.token));
    void loadDrawing();
  },
  component: lazyRouteComponent(() => import("./routes/public"), "PublicRoute"),
});

const embedRoute = createRoute({
  getParentRoute: () => root,
  path: "/embed/dashboards/$id",
  validateSearch: (raw: Record<string, unknown>): FrameSearch & StateSearch => ({
    ...readFrameSearch(raw),
    ...stateSearchOf(raw),
  }),
  loader: () => {
    void loadDrawing();
  },
  component: lazyRouteComponent(() => import("./routes/embed"), "EmbedRoute"),
});

export const appRoute = createRoute({
  getParentRoute: () => root,
  id: "app",
  beforeLoad: async ({ location }) => {
    const me = await queryClient.ensureQueryData(meQuery);
    if (!me)
      throw redirect({ to: "/login", search: { next: location.href === "/" ? undefined : location.href } });
    return { me };
  },
  component: Shell,
  errorComponent: RouteError,
  notFoundComponent: NotFound,
});

const homeRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/dashboards", replace: true });
  },
});

export const dashboardsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/dashboards",
  validateSearch: readListSearch,
  component: lazyRouteComponent(() => import("./routes/dashboards"), "DashboardsRoute"),
});

export const dashboardRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/dashboards/$id",
  validateSearch: (raw: Record<string, unknown>): DashboardSearch & StateSearch => ({
    ...readDashboardSearch(raw),
    ...stateSearchOf(raw),
  }),
  // Started here, beside the page's own chunk, and awaited by the page: the shell is there at once.
  loader: ({ params }) => {
    void loadParts(params.id);
  },
  component: lazyRouteComponent(() => import("./routes/dashboard"), "DashboardRoute"),
});

/** The dashboard, the code that draws charts, and then the chart types it has. A failure shows where it is awaited. */
async function loadParts(id: string): Promise<void> {
  const drawing = loadDrawing();
  await queryClient.prefetchQuery(dashboardQuery(id));
  const dashboard = queryClient.getQueryData(dashboardQuery(id).queryKey);
  const [{ preloadCharts }] = await drawing;
  preloadCharts(dashboard?.tiles.map((tile) => tile.chart_type) ?? []);
}

function loadDrawing() {
  return Promise.all([import("@/charts/engine"), import("@/charts/Chart")]);
}

export const datasourcesRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/datasources",
  validateSearch: (raw: Record<string, unknown>): { add?: "upload" | "connect" } =>
    raw.add === "upload" || raw.add === "connect" ? { add: raw.add } : {},
  component: lazyRouteComponent(() => import("./routes/datasources"), "DatasourcesRoute"),
});

export const datasourceRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/datasources/$id",
  component: lazyRouteComponent(() => import("./routes/datasource"), "DatasourceRoute"),
});

const peopleRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/people",
  component: lazyRouteComponent(() => import("./routes/people"), "PeopleRoute"),
});

const workspacesRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/workspaces",
  component: lazyRouteComponent(() => import("./routes/workspaces"), "WorkspacesRoute"),
});

const policiesRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/policies",
  validateSearch: (raw: Record<string, unknown>): { datasource?: string } =>
    typeof raw.datasource === "string" ? { datasource: raw.datasource } : {},
  component: lazyRouteComponent(() => import("./routes/policies"), "PoliciesRoute"),
});

const teamsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/teams",
  component: lazyRouteComponent(() => import("./routes/teams"), "TeamsRoute"),
});

const auditRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/audit",
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import("./routes/audit"), "AuditRoute"),
});

const modelsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/models",
  component: lazyRouteComponent(() => import("./routes/models"), "ModelsRoute"),
});

const tenantsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/tenants",
  component: lazyRouteComponent(() => import("./routes/tenants"), "TenantsRoute"),
});

/** `/metrics` is the server's own: Prometheus reads it. */
const catalogueRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/catalogue",
  validateSearch: readCatalogueSearch,
  component: lazyRouteComponent(() => import("./routes/catalogue"), "CatalogueRoute"),
});

const metricRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/catalogue/$name",
  validateSearch: (raw: Record<string, unknown>): { edit?: 1 } => (raw.edit === 1 ? { edit: 1 } : {}),
  component: lazyRouteComponent(() => import("./routes/metric"), "MetricRoute"),
});

const accountRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/account",
  component: lazyRouteComponent(() => import("./routes/account"), "AccountRoute"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    loginRoute,
    publicRoute,
    embedRoute,
    appRoute.addChildren([
      homeRoute,
      dashboardsRoute,
      dashboardRoute,
      datasourcesRoute,
      datasourceRoute,
      peopleRoute,
      workspacesRoute,
      policiesRoute,
      teamsRoute,
      auditRoute,
      modelsRoute,
      tenantsRoute,
      catalogueRoute,
      metricRoute,
      accountRoute,
    ]),
  ]),
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultErrorComponent: RouteError,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
