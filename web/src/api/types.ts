/** The nouns of the API, under the names the app uses. */

export type Role = "admin" | "editor" | "viewer";

export interface Me {
  id: string;
  email: string;
  name: string;
  role: Role;
  tenant_id: string;
  tenant_name: string;
  has_password: boolean;
  attributes: Record<string, unknown>;
}

export interface ApiKey {
  id: string;
  name: string;
  created_at: string;
  last_used_at: string | null;
  expires_at: string | null;
}

export interface NewApiKey extends ApiKey {
  /** Shown once, never again. */
  key: string;
}

export interface User {
  id: string;
  email: string;
  name: string;
  role: Role;
  is_active: boolean;
  created_at: string;
  last_login_at: string | null;
}

export interface Workspace {
  id: string;
  name: string;
  description: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  dashboard_count: number;
}

export type DatasourceType = "duckdb" | "sqlite" | "postgresql";

export interface Datasource {
  id: string;
  name: string;
  type: DatasourceType;
  config: Record<string, unknown>;
  is_default: boolean;
  revision: number;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  can_use: boolean;
  can_own: boolean;
  dashboard_count: number;
}

export interface DatasourceInput {
  name: string;
  type: DatasourceType;
  config: Record<string, unknown>;
  secrets?: Record<string, string>;
  is_default?: boolean;
}

export interface TestResult {
  ok: boolean;
  message: string;
  duration_ms: number;
}

export interface CatalogColumn {
  name: string;
  type: string;
  nullable: boolean;
}

export interface CatalogTable {
  name: string;
  kind: string;
  columns: CatalogColumn[];
  row_count: number | null;
}

export interface CatalogSchema {
  name: string;
  tables: CatalogTable[];
}

export interface Catalog {
  catalogs: { name: string; schemas: CatalogSchema[] }[];
  default_catalog: string | null;
  default_schema: string | null;
}

export type ColumnType =
  | "int"
  | "bigint"
  | "decimal"
  | "bigdecimal"
  | "float"
  | "bool"
  | "text"
  | "date"
  | "timestamp"
  | "timestamptz"
  | "time"
  | "interval"
  | "binary"
  | "json";

export type Row = Record<string, unknown>;

export interface QueryResult {
  columns: string[];
  rows: Row[];
  types: Record<string, ColumnType>;
  row_count: number;
  truncated: boolean;
  executed_at: string;
  duration_ms: number;
}

export interface UploadResult {
  datasource_id: string;
  datasource_name: string;
  table: string;
  columns: { name: string; type: string }[];
  row_count: number;
  rejected: { line: number; reason: string }[];
  rejected_count: number;
}

export interface DashboardSummary {
  id: string;
  name: string;
  description: string | null;
  tile_count: number;
  is_public: boolean;
  owner_name: string | null;
  workspace_id: string | null;
  workspace_name: string | null;
  is_archived: boolean;
  tags: string[];
  can_edit: boolean;
  created_at: string;
  updated_at: string;
}

export interface Layout {
  columns: number;
  rowHeight: number;
  gap: number;
}

export interface Page {
  id: string;
  name: string;
  page_order: number;
}

export type TileType = "chart" | "kpi" | "table" | "text";

export type ChartType =
  | "bar"
  | "line"
  | "area"
  | "pie"
  | "scatter"
  | "funnel"
  | "heatmap"
  | "treemap"
  | "sunburst"
  | "sankey"
  | "chord"
  | "radar"
  | "gauge"
  | "boxplot"
  | "candlestick";

export type ChartConfig = Record<string, unknown>;

export interface Tile {
  id: string;
  dashboard_id: string;
  page_id: string;
  title: string;
  tile_type: TileType;
  chart_type: ChartType | null;
  datasource_id: string | null;
  catalog: string | null;
  schema: string | null;
  query: string | null;
  content: string | null;
  chart_config: ChartConfig;
  grid_x: number;
  grid_y: number;
  grid_w: number;
  grid_h: number;
  cache_ttl_seconds: number | null;
  warnings: string[];
  created_at: string;
  updated_at: string;
  version: number;
}

export interface Dashboard {
  id: string;
  name: string;
  description: string | null;
  user_id: string;
  workspace_id: string | null;
  workspace_name: string | null;
  layout: Layout;
  refresh_interval_seconds: number | null;
  time_zone: string | null;
  tags: string[];
  filters: unknown[];
  settings: Record<string, unknown>;
  is_public: boolean;
  share_token: string | null;
  is_archived: boolean;
  created_at: string;
  updated_at: string;
  tile_count: number;
  owner_name: string | null;
  version: number;
  can_edit: boolean;
  can_own: boolean;
  pages: Page[];
  tiles: Tile[];
}

export interface Revision {
  number: number;
  parent: number | null;
  author_id: string | null;
  author_name: string | null;
  created_at: string;
  sentence: string;
  sha256: string;
}

export interface Table {
  columns: string[];
  rows: Row[];
}

export interface TileData {
  id: string;
  title: string;
  tile_type: TileType;
  data: Table | null;
  error: string | null;
  error_code: string | null;
  error_line?: number | null;
  error_column?: number | null;
  executed_at: string | null;
  types: Record<string, ColumnType>;
  row_count: number;
  truncated: boolean;
  cache: "fresh" | "cached" | "stale";
  duration_ms: number;
  warnings: string[];
}

export interface StreamEnd {
  done: true;
  tiles: number;
  duration_ms: number;
}
