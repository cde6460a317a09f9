/** Rows to positions and series: what bar, line and area stand on. */
import type { ChartConfig, ChartContext, Table } from "../contract";
import { MAX_COLORS } from "../palette";
import { OTHER } from "../theme";
import { type ColumnKind, kindOf, numbersOf, timesOf, toLabel } from "./coerce";
import {
  firstDimension,
  firstNumber,
  mustHaveNumbers,
  namedColumn,
  namedColumns,
  needed,
  titleOf,
} from "./fields";

/** `values[i]` belongs to `positions[i]`: null where the row says null, undefined where there is no row. */
export interface Series {
  readonly name: string;
  readonly values: (number | null | undefined)[];
  readonly rows: (number | undefined)[];
  /** Drawn thin and grey, without a place in the legend. */
  readonly isContext?: boolean;
}

export interface Pivot {
  readonly kind: ColumnKind;
  readonly x: string;
  readonly ys: readonly string[];
  /** Places on the x axis: numbers or wall times, rising, or the names of categories. */
  readonly positions: readonly (number | string)[];
  readonly series: readonly Series[];
  readonly notes: readonly string[];
}

/** The table as series over positions. Raises CannotDraw when a column is missing or holds no number. */
export function pivot(table: Table, config: ChartConfig, ctx: ChartContext): Pivot {
  const named = namedColumns(table, config, "yField");
  const split = namedColumn(table, config, "seriesField");
  const taken = [...named, split];
  const x =
    namedColumn(table, config, "xField") ??
    firstDimension(table, taken) ??
    table.columns.find((c) => !taken.includes(c));
  const ys = named.length > 0 ? named : [needed(firstNumber(table, [x, split]), "the value")];
  const column = needed(x, "the x axis");
  mustHaveNumbers(table, ys);
  return fill(table, column, ys, split, ctx);
}

function fill(
  table: Table,
  x: string,
  ys: readonly string[],
  split: string | undefined,
  ctx: ChartContext,
): Pivot {
  const kind = kindOf(table, x);
  const { positions, placeOf, skipped } = place(table, x, kind, ctx);
  const byName = new Map<string, Series>();
  let added = 0;
  for (const y of ys) {
    const numbers = numbersOf(table, y);
    const title = titleOf(y);
    for (let row = 0; row < table.rows.length; row++) {
      const at = placeOf[row];
      if (at === undefined) continue;
      const name = split === undefined ? title : seriesName(table, row, title, ys, split);
      const series = seriesFor(byName, name, positions.length);
      if (put(series, at, numbers[row] ?? null, row)) added += 1;
    }
  }
  const notes = [];
  if (skipped > 0) notes.push(`${rows(skipped)} without a value in “${x}” left out.`);
  if (added > 0) notes.push(`${rows(added)} fell on a place already taken; their values are added up.`);
  return { kind, x, ys, positions, series: [...byName.values()], notes };
}

export function rows(count: number): string {
  return count === 1 ? "1 row" : `${count.toLocaleString("en")} rows`;
}

function seriesName(table: Table, row: number, title: string, ys: readonly string[], split: string): string {
  const label = toLabel(table.rows[row]?.[split]);
  return ys.length > 1 ? `${label} · ${title}` : label;
}

function seriesFor(byName: Map<string, Series>, name: string, size: number): Series {
  let series = byName.get(name);
  if (!series) {
    series = {
      name,
      values: new Array<undefined>(size).fill(undefined),
      rows: new Array<undefined>(size).fill(undefined),
    };
    byName.set(name, series);
  }
  return series;
}

/** Writes a value to its place; true when a number was there already and both were added. */
function put(series: Series, at: number, value: number | null, row: number): boolean {
  const there = series.values[at];
  if (there === undefined || there === null) {
    series.values[at] = value;
    series.rows[at] = row;
    return false;
  }
  if (value === null) return false;
  series.values[at] = there + value;
  return true;
}

/** Distinct positions: times and numbers rising, categories as the query orders them. */
function place(table: Table, x: string, kind: ColumnKind, ctx: ChartContext) {
  const numbers =
    kind === "time" ? timesOf(table, x, ctx.timeZone) : kind === "number" ? numbersOf(table, x) : undefined;
  if (numbers && isRising(numbers))
    return { positions: numbers, placeOf: numbers.map((_, at) => at), skipped: 0 };
  const keys: readonly (string | number | null)[] = numbers ?? table.rows.map((row) => toLabel(row[x]));
  const positions = [...new Set(keys)].filter((key) => key !== null);
  if (numbers) positions.sort((a, b) => Number(a) - Number(b));
  const index = new Map(positions.map((key, at) => [key, at]));
  const placeOf = keys.map((key) => (key === null ? undefined : index.get(key)));
  return { positions, placeOf, skipped: placeOf.filter((at) => at === undefined).length };
}

/** Most answers are in order already, without gaps or repeats: then each row is its own place. */
function isRising(numbers: readonly (number | null)[]): numbers is readonly number[] {
  let last = Number.NEGATIVE_INFINITY;
  for (const number of numbers) {
    if (number === null || number <= last) return false;
    last = number;
  }
  return true;
}

/** The series by the sum of their values, largest first. */
export function bySize(series: readonly Series[]): readonly Series[] {
  const sizes = new Map(series.map((one) => [one, sizeOf(one)]));
  return [...series].sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0));
}

function sizeOf(series: Series): number {
  return series.values.reduce<number>((sum, value) => sum + Math.abs(value ?? 0), 0);
}

/** The largest seven series, in their order, and the sum of the rest as "Other". */
export function withOther(series: readonly Series[]): readonly Series[] {
  if (series.length <= MAX_COLORS) return series;
  const { kept, rest } = splitBySize(series);
  const values = (kept[0]?.values ?? []).map((_, at) => {
    const present = rest.map((one) => one.values[at]).filter((value) => typeof value === "number");
    return present.length === 0 ? undefined : present.reduce((sum, value) => sum + value, 0);
  });
  return [...kept, { name: OTHER, values, rows: values.map(() => undefined) }];
}

const MAX_CONTEXT = 60;

/** The largest seven series in colour; the others (at most 60) as grey context, since lines must not be added up. */
export function withContext(series: readonly Series[]): { series: readonly Series[]; dropped: number } {
  if (series.length <= MAX_COLORS) return { series, dropped: 0 };
  const { kept, rest } = splitBySize(series);
  const context = rest.slice(0, MAX_CONTEXT).map((one) => ({ ...one, isContext: true }));
  return { series: [...context, ...kept], dropped: rest.length - context.length };
}

function splitBySize(series: readonly Series[]): { kept: readonly Series[]; rest: readonly Series[] } {
  const sorted = bySize(series);
  const largest = new Set(sorted.slice(0, MAX_COLORS - 1));
  return { kept: series.filter((one) => largest.has(one)), rest: sorted.slice(MAX_COLORS - 1) };
}

/** The `limit` largest positions, in their order. */
export function largestPositions(made: Pivot, limit: number): Pivot {
  if (made.positions.length <= limit) return made;
  const sums = made.positions.map((_, at) =>
    made.series.reduce((sum, one) => sum + Math.abs(one.values[at] ?? 0), 0),
  );
  const best = sums.map((sum, at) => ({ sum, at })).sort((a, b) => b.sum - a.sum);
  const keep = best
    .slice(0, limit)
    .map(({ at }) => at)
    .sort((a, b) => a - b);
  const pick = <T>(list: readonly T[]) => keep.map((at) => list[at] as T);
  return {
    ...made,
    positions: pick(made.positions),
    series: made.series.map((one) => ({ ...one, values: pick(one.values), rows: pick(one.rows) })),
    notes: [
      ...made.notes,
      `The ${limit} largest of ${made.positions.length.toLocaleString("en")} categories are drawn.`,
    ],
  };
}
