/** The names under which answers are kept. */

export const keys = {
  me: ["me"] as const,
  about: ["about"] as const,
  apiKeys: ["api-keys"] as const,
  users: ["users"] as const,
  workspaces: ["workspaces"] as const,
  dashboards: ["dashboards"] as const,
  dashboardList: (search: object) => ["dashboards", "list", search] as const,
  dashboard: (id: string) => ["dashboards", "one", id] as const,
  filterOptions: (id: string, name: string, asked: object) => ["filter-options", id, name, asked] as const,
  revisions: (id: string) => ["dashboards", "revisions", id] as const,
  comparison: (id: string, from: number, to: number) => ["comparison", id, from, to] as const,
  checkpoints: (id: string) => ["dashboards", "checkpoints", id] as const,
  snapshots: (id: string) => ["dashboards", "snapshots", id] as const,
  link: (id: string) => ["dashboards", "link", id] as const,
  preflight: (asked: object) => ["preflight", asked] as const,
  publicPage: (token: string) => ["public", token] as const,
  datasources: ["datasources"] as const,
  datasource: (id: string) => ["datasources", "one", id] as const,
  schema: (id: string) => ["datasources", "schema", id] as const,
  values: (id: string, column: object) => ["datasources", "values", id, column] as const,
};
