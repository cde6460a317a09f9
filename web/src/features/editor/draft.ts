/** A tile while it is being written: its fields, what is wrong with them, what changes with its type. Pure. */

import type { ChartConfig, Datasource, TileType } from "@/api/types";
import type { ChartType, FieldSpec, Table } from "@/charts/contract";
import { KPI, TABLE } from "@/charts/fieldspecs";
import { CHARTS } from "@/charts/registry";
import { CONTENT_FIELDS, isSame, type TileDoc } from "../history";
import { placeholdersIn } from "../sql-editor/placeholders";
import { tidyLevels } from "./levels";
import { useEditorText } from "./messages";

export type TileDraft = Pick<TileDoc, (typeof CONTENT_FIELDS)[number]>;

/** The eighteen things a tile can be. */
export type Look = ChartType | "kpi" | "table" | "text";

export const SIZES: Record<TileType, { grid_w: number; grid_h: number }> = {
  chart: { grid_w: 6, grid_h: 4 },
  kpi: { grid_w: 3, grid_h: 2 },
  table: { grid_w: 6, grid_h: 4 },
  text: { grid_w: 6, grid_h: 2 },
};

export function lookOf(draft: Pick<TileDraft, "tile_type" | "chart_type">): Look {
  return draft.tile_type === "chart" ? (draft.chart_type ?? "bar") : draft.tile_type;
}

export function blankDraft(tileType: TileType, source: Pick<Datasource, "id"> | undefined): TileDraft {
  const isText = tileType === "text";
  return {
    title: "",
    tile_type: tileType,
    chart_type: tileType === "chart" ? "bar" : null,
    datasource_id: isText ? null : (source?.id ?? null),
    catalog: null,
    schema: null,
    query: isText ? null : "",
    metric_query: null,
    content: isText ? "" : null,
    chart_config: {},
    cache_ttl_seconds: null,
  };
}

export function draftOf(tile: TileDoc): TileDraft {
  return structuredClone(
    Object.fromEntries(CONTENT_FIELDS.map((field) => [field, tile[field]])),
  ) as TileDraft;
}

export function isChanged(draft: TileDraft, since: TileDraft): boolean {
  return !isSame(draft, since);
}

/** The draft as it is saved: outer blanks of the title cut, empty settings left out. */
export function tidied(draft: TileDraft): TileDraft {
  const chart_config = Object.fromEntries(
    Object.entries(tidyLevels(draft.chart_config)).filter(
      ([, value]) => value !== undefined && value !== null && value !== "",
    ),
  );
  const isText = draft.tile_type === "text";
  return {
    ...draft,
    title: draft.title.trim(),
    chart_config,
    content: isText ? (draft.content ?? "") : null,
    query: isText || draft.metric_query ? null : draft.query,
    metric_query: isText ? null : draft.metric_query,
    datasource_id: isText ? null : draft.datasource_id,
    catalog: isText ? null : draft.catalog,
    schema: isText ? null : draft.schema,
  };
}

/** The metrics that a tile asks, by name. */
export function metricsOf({ metric_query }: Pick<TileDraft, "metric_query">): string[] {
  const names: unknown = metric_query?.metrics;
  return Array.isArray(names) ? names.map(String) : [];
}

/** Whether there is something to ask the server. */
export function canAsk(draft: Pick<TileDraft, "metric_query" | "query" | "datasource_id">): boolean {
  if (draft.metric_query) return metricsOf(draft).length > 0;
  return draft.datasource_id !== null && (draft.query ?? "").trim() !== "";
}

/** The inputs of the tile's form. */
export function fieldsOf(look: Look): readonly FieldSpec[] {
  if (look === "kpi") return KPI;
  if (look === "table") return TABLE;
  return look === "text" ? [] : CHARTS[look].fields;
}

/** The columns of the result that fit the field; a result without types fits everywhere. */
export function fitting(spec: FieldSpec, table: Table): string[] {
  const { types } = spec;
  if (!types) return [...table.columns];
  return table.columns.filter((column) => {
    const type = table.types[column];
    return type === undefined || (types as readonly string[]).includes(type);
  });
}

/** The config with every required column that is missing, or gone from the result, filled by a sensible guess. */
export function suggested(look: Look, config: ChartConfig, table: Table): ChartConfig {
  const filled: ChartConfig = { ...config };
  const specs = fieldsOf(look).filter(
    (spec) => isColumnField(spec) && (spec.required || isUsual(look, spec, config)),
  );
  const taken = new Set(specs.flatMap((spec) => present(filled[spec.key], table)));
  for (const spec of specs) {
    if (present(filled[spec.key], table).length > 0) continue;
    const free = guesses(spec, table).filter((column) => !taken.has(column));
    const chosen = spec.key === "pathFields" ? free.slice(0, 3) : free.slice(0, 1);
    if (chosen.length === 0) continue;
    for (const column of chosen) taken.add(column);
    filled[spec.key] = spec.kind === "columns" && chosen.length > 1 ? chosen : chosen[0];
    if (spec.key === "pathFields") filled[spec.key] = chosen;
  }
  return filled;
}

/** The draft as another type. What both types have in common stays; a name or value moves to its new field. */
export function withLook(draft: TileDraft, look: Look): TileDraft {
  if (lookOf(draft) === look) return draft;
  const isChart = look !== "kpi" && look !== "table" && look !== "text";
  const next: TileDraft = {
    ...draft,
    tile_type: isChart ? "chart" : look,
    chart_type: isChart ? look : null,
    chart_config: carried(lookOf(draft), look, draft.chart_config),
  };
  if (look === "text") return { ...next, content: draft.content ?? "" };
  return { ...next, query: draft.query ?? "" };
}

/** Why the draft cannot be saved, in a sentence for its author; null when it can. */
export function problemOf(draft: TileDraft, table: Table | null): string | null {
  const text = useEditorText.now();
  if (draft.title.trim() === "") return text.needsTitle;
  if (draft.tile_type === "text") return null;
  if (draft.metric_query) return metricsOf(draft).length > 0 ? configProblem(draft, table) : text.needsMetric;
  if (!draft.datasource_id) return text.needsDatasource;
  if (!draft.query || draft.query.trim() === "") return text.needsQuery;
  const unknown = placeholdersIn(draft.query).find((placeholder) => !placeholder.isKnown);
  if (unknown) return text.unknownPlaceholder(`\${${unknown.name}}`);
  return configProblem(draft, table);
}

/** What is wrong with one field of the form; null when nothing is. */
export function fieldProblem(spec: FieldSpec, config: ChartConfig, table: Table | null): string | null {
  const text = useEditorText.now();
  const value = config[spec.key];
  if (isColumnField(spec)) {
    const named = namesOf(value);
    if (named.length === 0) return spec.required && table ? text.needsField(spec.label) : null;
    return null;
  }
  if (spec.key === "currency" && typeof value === "string" && value !== "" && !/^[A-Z]{3}$/.test(value)) {
    return text.badCurrency;
  }
  if (
    spec.key === "decimals" &&
    typeof value === "number" &&
    !(Number.isInteger(value) && value >= 0 && value <= 10)
  ) {
    return text.badDecimals;
  }
  if (
    spec.key === "pageSize" &&
    typeof value === "number" &&
    !(Number.isInteger(value) && value >= 1 && value <= 1000)
  ) {
    return text.badPageSize;
  }
  return null;
}

export function isColumnField(spec: FieldSpec): boolean {
  return spec.kind === "column" || spec.kind === "columns";
}

/** The column names in a field that may hold one or several. */
export function namesOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((item): item is string => typeof item === "string" && item !== "");
}

function configProblem(draft: TileDraft, table: Table | null): string | null {
  for (const spec of fieldsOf(lookOf(draft))) {
    const problem = fieldProblem(spec, draft.chart_config, table);
    if (problem) return problem;
  }
  return null;
}

function present(value: unknown, table: Table): string[] {
  return namesOf(value).filter((name) => table.columns.includes(name));
}

const MOMENTS = new Set(["date", "timestamp", "timestamptz"]);
const NUMBERS = new Set(["int", "bigint", "decimal", "bigdecimal", "float"]);
/** Fields that take a measure although their type of column is free. */
const MEASURES = new Set(["openField", "highField", "lowField", "closeField"]);

/** Numbers that name something rather than measure it: keys and parts of a date. */
const LABEL = /(^|_)(id|key|code|year|quarter|month|week|weekday|day|hour|minute)$/i;

/** A boxplot needs either these or its five numbers; the first is what people have. */
function isUsual(look: Look, spec: FieldSpec, config: ChartConfig): boolean {
  return (
    look === "boxplot" && !config.medianField && (spec.key === "categoryField" || spec.key === "valueField")
  );
}

/** Fitting columns, the likeliest first: the one of the field's own name, then words and times before numbers. */
function guesses(spec: FieldSpec, table: Table): string[] {
  const own = spec.key.replace(/Fields?$/, "").toLowerCase();
  const rank = (column: string): number => {
    if (column.toLowerCase() === own) return 0;
    const type = table.types[column] ?? "text";
    if (spec.types || MEASURES.has(spec.key)) return MOMENTS.has(type) ? 1 : LABEL.test(column) ? 3 : 2;
    if (NUMBERS.has(type)) return LABEL.test(column) ? 3 : 4;
    return MOMENTS.has(type) && spec.key === "xField" ? 1 : 2;
  };
  return fitting(spec, table)
    .map((column, index) => ({ column, index, rank: rank(column) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ column }) => column);
}

/** Fields that play the same part in different types. */
const ROLES: readonly (readonly string[])[] = [
  ["xField", "nameField", "categoryField", "dateField", "sourceField"],
  ["valueField", "yField", "closeField"],
];

function carried(from: Look, to: Look, config: ChartConfig): ChartConfig {
  const old = new Set(fieldsOf(from).map((spec) => spec.key));
  const wanted = fieldsOf(to);
  const kept = Object.entries(config).filter(
    ([key]) => !old.has(key) || wanted.some((spec) => spec.key === key),
  );
  const next: ChartConfig = Object.fromEntries(kept);
  for (const spec of wanted) {
    if (!spec.required || namesOf(next[spec.key]).length > 0) continue;
    const role = ROLES.find((keys) => keys.includes(spec.key)) ?? [];
    const names = role.flatMap((key) => (old.has(key) ? namesOf(config[key]) : []));
    if (names.length > 0) next[spec.key] = spec.kind === "columns" && names.length > 1 ? names : names[0];
  }
  return shaped(wanted, next);
}

/** A list in a field that takes one column becomes its first. */
function shaped(specs: readonly FieldSpec[], config: ChartConfig): ChartConfig {
  const next = { ...config };
  for (const spec of specs) {
    const value = next[spec.key];
    if (spec.kind === "column" && Array.isArray(value)) next[spec.key] = value[0];
  }
  return next;
}
