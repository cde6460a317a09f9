/** The levels of a tile's hierarchy while they are edited, and a first query for the rows behind a click. Pure. */

import type { ChartConfig } from "@/api/types";

export interface LevelDraft {
  id_column: string;
  label_column?: string | null;
  label?: string | null;
}

/** The levels in either spelling; members that we do not know stay. */
export function levelDrafts(config: ChartConfig): LevelDraft[] {
  const { drill_levels: own, drilldown } = config;
  if (Array.isArray(own) && own.length > 0)
    return own.filter(isObject).map((one) => ({ ...one, id_column: word(one.id_column) }));
  const other = isObject(drilldown) ? drilldown.levels : null;
  if (!Array.isArray(other)) return [];
  return other.filter(isObject).map(({ field, ...rest }) => ({ ...rest, id_column: word(field) }));
}

/** The config with these levels, in the first spelling; one without a column is kept while it is written. */
export function withLevels(config: ChartConfig, levels: readonly LevelDraft[]): ChartConfig {
  const { drilldown: _other, ...kept } = config;
  return { ...kept, drill_levels: levels.length > 0 ? levels : undefined };
}

/** As it is saved: levels that name no column are left out. */
export function tidyLevels(config: ChartConfig): ChartConfig {
  const { drill_levels: levels } = config;
  if (!Array.isArray(levels)) return config;
  const named = levels.filter((one) => isObject(one) && word(one.id_column).trim() !== "");
  const { drill_levels: _levels, ...kept } = config;
  return named.length > 0 ? { ...kept, drill_levels: named.map(withoutBlanks) } : kept;
}

const FROM = /\bFROM\s+((?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+)){0,2})/i;

/** The rows of the table that the tile's own query reads first. */
export function firstDetail(query: string | null): string {
  const table = FROM.exec(query ?? "")?.[1] ?? "…";
  return `SELECT *\nFROM ${table}\nWHERE 1 = 1 \${detail.where}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function word(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function withoutBlanks(level: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(level).filter(([, value]) => value !== null && value !== ""));
}
