/** A metric while it is written. Pure. */
import {
  type Dimension,
  GRAINS,
  type Join,
  type Metric,
  type MetricInput,
  type Rule,
} from "@/api/queries/metrics";

export type MetricDraft = Required<
  Omit<MetricInput, "certified" | "status" | "catalog"> & { catalog: string | null }
>;

export function draftOf(metric: Metric | null, datasourceId: string | null): MetricDraft {
  return {
    name: metric?.name ?? "",
    label: metric?.label ?? null,
    description: metric?.description ?? null,
    type: metric?.type ?? "simple",
    datasource_id: metric ? metric.datasource_id : datasourceId,
    catalog: metric?.catalog ?? null,
    schema: metric?.schema ?? null,
    table: metric?.table ?? null,
    sql: metric?.sql ?? null,
    expression: metric?.expression ?? null,
    formula: metric?.formula ?? null,
    time_column: metric?.time_column ?? null,
    grains: [...(metric?.grains ?? GRAINS)],
    dimensions: structuredClone(metric?.dimensions ?? []),
    joins: structuredClone(metric?.joins ?? []),
    filters: structuredClone(metric?.filters ?? []),
    format: { ...metric?.format },
    synonyms: [...(metric?.synonyms ?? [])],
  };
}

/** Whether it is arithmetic of other metrics. */
export function isFormula(draft: Pick<MetricDraft, "type" | "formula">): boolean {
  return draft.type === "derived" || (draft.type !== "simple" && draft.formula !== null);
}

/** What is sent: a formula takes everything about rows from the metrics that it names. */
export function tidied(draft: MetricDraft): MetricInput {
  const text = (value: string | null) => value?.trim() || null;
  const shared = {
    ...draft,
    name: draft.name.trim(),
    label: text(draft.label),
    description: text(draft.description),
    format: Object.fromEntries(
      Object.entries(draft.format).filter(([, value]) => value !== null && value !== ""),
    ),
  };
  if (isFormula(draft)) {
    return {
      ...shared,
      formula: text(draft.formula),
      expression: null,
      datasource_id: null,
      catalog: null,
      schema: null,
      table: null,
      sql: null,
      time_column: null,
      dimensions: [],
      joins: [],
      filters: [],
    };
  }
  return {
    ...shared,
    formula: null,
    expression: text(draft.expression),
    sql: draft.table === null ? text(draft.sql) : null,
    time_column: text(draft.time_column),
    dimensions: draft.dimensions.filter((one) => one.name.trim() !== "").map(dimension),
    joins: (draft.joins ?? []).filter((one) => one.table !== "").map(join),
    filters: (draft.filters ?? []).filter((one: Rule) => one.field || one.sql?.trim()),
  };
}

function dimension({ name, label, column, sql, join: from }: Dimension): Dimension {
  return {
    name: name.trim(),
    label: label || null,
    column: column || null,
    sql: sql || null,
    join: from || null,
  };
}

function join(given: Join): Join {
  return { ...given, alias: given.alias || null };
}

/** A name that a metric can have, from what people call it. */
export function slug(label: string): string {
  const plain = label.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_0-9]+|_+$/g, "")
    .slice(0, 60);
}
