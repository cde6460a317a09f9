/**
 * The nouns of the API under the names the app uses. The shapes come from the server's own description
 * (`npm run gen`); only sets of words that the description leaves open are named here.
 */
import type { components } from "./schema.gen";

type Schemas = components["schemas"];

/** The same thing with some fields known more narrowly. */
type Narrow<T, Fields> = Omit<T, keyof Fields> & Fields;

export type Me = Schemas["Me"];
export type Role = Me["role"];
export type ApiKey = Schemas["KeyOut"];
/** `key` is shown once, never again. */
export type NewApiKey = Schemas["NewKeyOut"];
export type User = Schemas["UserOut"];
export type Workspace = Schemas["WorkspaceOut"];
export type Team = Schemas["TeamItem"];
/** With its members. */
export type TeamDetail = Schemas["TeamOut"];
export type Member = Schemas["TeamMember"];
/** Somebody to share with. */
export type Person = Schemas["PersonOut"];

export type Tenant = Schemas["TenantOut"];
export type TenantLimits = Schemas["LimitsOut"];
export type AuditLine = Schemas["AuditOut"];
export type ModelSettings = Schemas["AiOut"];
export type ModelUsage = Schemas["AiUsage"];
export type ModelTest = Schemas["TestOut"];

export type DatasourceType = "duckdb" | "sqlite" | "postgresql";
export type Datasource = Narrow<Schemas["DatasourceOut"], { type: DatasourceType }>;

export interface DatasourceInput {
  name: string;
  type: DatasourceType;
  config: Record<string, unknown>;
  secrets?: Record<string, string>;
  is_default?: boolean;
  /** Whether everyone who may edit may also write SQL on it. */
  is_shared?: boolean;
}

export type TestResult = Schemas["TestedOut"];
export type CatalogColumn = Schemas["ColumnInfo"];
export type CatalogTable = Narrow<Schemas["TableInfo"], { row_count: number | null }>;
export type CatalogSchema = Narrow<Schemas["SchemaInfo"], { tables: CatalogTable[] }>;
export interface Catalog {
  catalogs: Narrow<Schemas["CatalogInfo"], { schemas: CatalogSchema[] }>[];
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
export type Table = Schemas["TileRows"];
export type QueryResult = Narrow<Schemas["QueryOut"], { types: Record<string, ColumnType> }>;
export type UploadResult = Schemas["UploadOut"];

export type DashboardSummary = Schemas["DashboardItem"];
export type Layout = Schemas["LayoutAnswer"];
export type Page = Schemas["PageAnswer"];

export type ChartConfigs = Schemas["ChartConfigs"];
export type ChartType = Exclude<keyof ChartConfigs, "kpi" | "table" | "text">;
export type TileType = "chart" | "kpi" | "table" | "text";
export type ChartConfig = Record<string, unknown>;
export type Tile = Narrow<
  Schemas["TileOut"],
  { tile_type: TileType; chart_type: ChartType | null; chart_config: ChartConfig }
>;

export type Dashboard = Narrow<Schemas["DashboardOut"], { tiles: Tile[] }>;
export type Revision = Schemas["RevisionOut"];
export type Checkpoint = Schemas["CheckpointOut"];
/** One page, tile, filter or setting that differs between two revisions. */
export type Difference = Narrow<Schemas["DifferenceOut"], { change: "added" | "removed" | "changed" }>;
type Kinds = Record<"pages" | "tiles" | "filters" | "settings", Difference[]>;
export type Comparison = Narrow<Schemas["Comparison"], Kinds>;

/** Who of the tenant may see a dashboard. */
export type Audience = Schemas["BiShareOut"];
/** A person or team that a dashboard is shared with. */
export type Shared = Schemas["SharedOut"];
/** The public link of a dashboard, as its owner sees it. */
export type Link = Schemas["ShareOut"];
export type Snapshot = Narrow<Schemas["SnapshotItem"], { trigger_type: "manual" | "on_share" | "scheduled" }>;

export type Preflight = Schemas["PreflightOut"];
export type RequiredSource = Schemas["RequiredOut"];

export type TileData = Narrow<
  Schemas["TileData"],
  {
    tile_type: TileType;
    types: Record<string, ColumnType>;
    cache: "fresh" | "cached" | "stale";
    /** The names of filters that this tile could not apply. */
    filters_ignored?: string[];
  }
>;

/** The last line of a stream of results. */
export interface StreamEnd {
  done: true;
  tiles: number;
  duration_ms: number;
}

export type PublicDashboard = Narrow<Schemas["PublicDashboard"], { tiles: Tile[] }>;
export type PublicData = Narrow<Schemas["PublicData"], { tile_data: Record<string, TileData> }>;

/** What the rows of a dashboard say to a question. */
export type QaAnswer = Schemas["QaOut"];
