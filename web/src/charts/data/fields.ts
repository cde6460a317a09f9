/** Which column a field of the config means, and which to take when it names none. */
import { CannotDraw, type ChartConfig, type Table } from "../contract";
import { kindOf, numbersOf } from "./coerce";

const FUNCTIONS =
  "sum|avg|mean|min|max|count|median|stddev|variance|total|any_value|first|last|approx_count_distinct";
const PREFIXED = new RegExp(`^(?:${FUNCTIONS})_(.+)$`, "i");

/** The column that `wanted` means: exactly, then without case, then as `<fn>_<column>` from either side. */
export function matchColumn(columns: readonly string[], wanted: string): string | undefined {
  if (columns.includes(wanted)) return wanted;
  const lower = wanted.toLowerCase();
  const caseless = columns.find((column) => column.toLowerCase() === lower);
  if (caseless !== undefined) return caseless;
  const aggregated = columns.find((column) => PREFIXED.exec(column)?.[1]?.toLowerCase() === lower);
  if (aggregated !== undefined) return aggregated;
  const bare = PREFIXED.exec(wanted)?.[1]?.toLowerCase();
  return bare === undefined ? undefined : columns.find((column) => column.toLowerCase() === bare);
}

export function textOf(config: ChartConfig, key: string): string | undefined {
  const value = config[key];
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

export function flagOf(config: ChartConfig, key: string): boolean | undefined {
  const value = config[key];
  return typeof value === "boolean" ? value : undefined;
}

export function numberOf(config: ChartConfig, key: string): number | undefined {
  const value = config[key];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

export function textsOf(config: ChartConfig, key: string): string[] {
  const value = config[key];
  const list = Array.isArray(value) ? value : [value];
  return list.filter((item): item is string => typeof item === "string" && item.trim() !== "");
}

/** The column that the config names under `key`, or undefined when it names none. Raises CannotDraw when it is missing. */
export function namedColumn(table: Table, config: ChartConfig, key: string): string | undefined {
  const wanted = textOf(config, key);
  return wanted === undefined ? undefined : existing(table, wanted);
}

/** As `namedColumn`, for a field that may hold one name or a list. */
export function namedColumns(table: Table, config: ChartConfig, key: string): string[] {
  return textsOf(config, key).map((wanted) => existing(table, wanted));
}

/**
 * The column that a config means by the name that a bar would have for it, as the BI API says of every chart.
 * A guess, not a promise: one that there is not, or that holds no numbers where they are needed, is passed over.
 */
export function alsoCalled(table: Table, config: ChartConfig, key: "xField" | "yField"): string | undefined {
  const column = matchColumn(table.columns, textOf(config, key) ?? "");
  return column !== undefined && (key === "xField" || isNumeric(table, column)) ? column : undefined;
}

function existing(table: Table, wanted: string): string {
  const column = matchColumn(table.columns, wanted);
  if (column !== undefined) return column;
  const known = table.columns.slice(0, 8).join(", ") + (table.columns.length > 8 ? ", …" : "");
  throw new CannotDraw("missing_field", `The query returns no column “${wanted}”. It returns: ${known}.`);
}

/** First column that reads as a number and is not in `taken`. */
export function firstNumber(table: Table, taken: readonly (string | undefined)[] = []): string | undefined {
  return table.columns.find((column) => !taken.includes(column) && isNumeric(table, column));
}

/** First column that reads as words or time and is not in `taken`. */
export function firstDimension(
  table: Table,
  taken: readonly (string | undefined)[] = [],
): string | undefined {
  const isFree = (column: string) => !taken.includes(column);
  return table.columns.find((column) => isFree(column) && kindOf(table, column) !== "number");
}

export function isNumeric(table: Table, column: string): boolean {
  return kindOf(table, column) === "number";
}

/** `column`, or CannotDraw that says which part of the chart has no column to stand on. */
export function needed(
  column: string | undefined,
  part: string,
  tryInstead?: "bar" | "line" | "pie",
): string {
  if (column !== undefined) return column;
  throw new CannotDraw(
    "missing_field",
    `Nothing to use as ${part}: name a column for it, or return one more.`,
    tryInstead,
  );
}

/** Raises CannotDraw when there are no rows, or none of `columns` holds a number. */
export function mustHaveNumbers(table: Table, columns: readonly string[]): void {
  mustHaveRows(table);
  if (columns.some((column) => numbersOf(table, column).some((value) => value !== null))) return;
  const names = columns.map((column) => `“${column}”`).join(", ");
  throw new CannotDraw("no_values", `There is no number in ${names}: every value is empty or text.`);
}

export function mustHaveRows(table: Table): void {
  if (table.rows.length === 0) throw new CannotDraw("empty", "No rows.");
}

/** A column name as people would write it: `dep_delay` becomes `Dep delay`; a name with spaces or capitals stays. */
export function titleOf(column: string): string {
  if (/[A-Z ]/.test(column)) return column;
  const words = column.replace(/[_-]+/g, " ").trim();
  return words === "" ? column : words.charAt(0).toUpperCase() + words.slice(1);
}
