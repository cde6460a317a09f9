/** Metrics: named definitions that tiles ask, what uses them, and what a change of one moves. */
import { queryOptions } from "@tanstack/react-query";
import { ask, del, get, post, put, send } from "../client";
import { keys } from "../keys";
import type { components } from "../schema.gen";

type Schemas = components["schemas"];

export const METRIC_TYPES = ["simple", "ratio", "derived", "cumulative"] as const;
export type MetricType = (typeof METRIC_TYPES)[number];
export const METRIC_STATUSES = ["draft", "published", "deprecated"] as const;
export type MetricStatus = (typeof METRIC_STATUSES)[number];
export const GRAINS = ["hour", "day", "week", "month", "quarter", "year"] as const;
export type Grain = (typeof GRAINS)[number];
export const CARDINALITIES = ["many_to_one", "one_to_one", "one_to_many"] as const;

export interface Dimension {
  name: string;
  label?: string | null;
  column?: string | null;
  sql?: string | null;
  join?: string | null;
}

export interface Join {
  table: string;
  catalog?: string | null;
  schema?: string | null;
  alias?: string | null;
  on: string;
  cardinality: (typeof CARDINALITIES)[number];
}

/** A condition on a dimension, or one in SQL. */
export interface Rule {
  field?: string | null;
  operator?: string;
  values?: unknown[];
  sql?: string | null;
}

export type Metric = Omit<
  Schemas["MetricOut"],
  "type" | "status" | "grains" | "dimensions" | "joins" | "filters"
> & {
  type: MetricType;
  status: MetricStatus;
  grains: Grain[];
  dimensions: Dimension[];
  /** Null, as `sql` and `expression`, for who may not use the datasource. */
  joins: Join[] | null;
  filters: Rule[] | null;
};

/** The members that people write. */
export type MetricInput = Partial<
  Omit<Metric, "id" | "tenant_id" | "owner_id" | "can_edit" | "revision" | "created_at" | "updated_at">
>;

export type UsedBy = Schemas["UsedBy"];
export type SavedMetric = Metric & { warnings: string[]; used_by: UsedBy[] };
export type Lineage = Schemas["LineageOut"];
export type Applied = Schemas["ApplyOut"];
export type Compiled = Schemas["CompiledOut"];

export const COMPARISONS = ["previous_period", "previous_year"] as const;

/** What a tile asks of metrics. */
export interface MetricQuery {
  metrics: string[];
  dimensions?: string[];
  time_grain?: Grain | null;
  filters?: { field: string; operator: string; values: unknown[] }[];
  order_by?: { field: string; direction: "asc" | "desc" }[];
  limit?: number | null;
  compare?: (typeof COMPARISONS)[number] | null;
}

const PATH = "/api/v1/bi/metrics";
const PAGE = 100;

/** Every metric that one may see, by name. */
export const metricsQuery = queryOptions({
  queryKey: keys.metricNames,
  queryFn: async ({ signal }) => {
    const found: Metric[] = [];
    for (;;) {
      const { data, headers } = await ask<Metric[]>(PATH, {
        params: { limit: PAGE, offset: found.length },
        signal,
      });
      found.push(...data);
      if (data.length < PAGE || found.length >= Number(headers.get("X-Total-Count"))) return found;
    }
  },
  staleTime: 30_000,
});

export function metricQuery(id: string) {
  return queryOptions({
    queryKey: keys.metric(id),
    queryFn: ({ signal }) => get<Metric>(`${PATH}/${encodeURIComponent(id)}`, undefined, signal),
  });
}

export function lineageQuery(id: string) {
  return queryOptions({
    queryKey: keys.lineage(id),
    queryFn: ({ signal }) => get<Lineage>(`${PATH}/${encodeURIComponent(id)}/lineage`, undefined, signal),
  });
}

/** Makes a metric (id: null) or changes one; dryRun: says what would be, and stores nothing. */
export function saveMetric(id: string | null, body: MetricInput, dryRun = false): Promise<SavedMetric> {
  const params = { dry_run: dryRun || undefined };
  return id === null
    ? post<SavedMetric>(PATH, body, { params })
    : put<SavedMetric>(`${PATH}/${id}`, body, { params });
}

export function deleteMetric(id: string): Promise<void> {
  return del(`${PATH}/${id}`);
}

export function applyMetrics(yaml: string, dryRun: boolean): Promise<Applied> {
  return post<Applied>(`${PATH}/apply`, { yaml, dry_run: dryRun });
}

export async function exportMetrics(): Promise<Blob> {
  return (await send(`${PATH}/export`)).blob();
}

/** bounds: whether the SQL names the ends of a time range, which not every dashboard has. */
export function compileMetrics(query: MetricQuery, bounds: boolean, signal?: AbortSignal): Promise<Compiled> {
  return post<Compiled>(`${PATH}/compile`, { ...query, bounds }, { signal });
}

/** The metrics that a formula names. */
export function namedIn(formula: string | null | undefined): string[] {
  return [
    ...new Set([...(formula ?? "").matchAll(/\{\s*([A-Za-z_]\w*)\s*\}/g)].map((found) => found[1] ?? "")),
  ];
}
