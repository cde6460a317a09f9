/** What a KPI says: the last row's value, its change, and the line of all rows. Pure. */
import type { ChartConfig, Table } from "@/charts/contract";
import { CannotDraw } from "@/charts/contract";
import { numbersOf } from "@/charts/data/coerce";
import { alsoCalled, firstNumber, flagOf, namedColumn, needed, textOf } from "@/charts/data/fields";
import { formatFull, formatPercent, formatShort, type NumberStyle, styleOf } from "@/charts/format";

export interface Kpi {
  /** As shown, in three to four figures. */
  readonly text: string;
  /** Every digit, for the hover. */
  readonly full: string;
  readonly delta?: Delta;
  readonly compareLabel?: string;
  /** From all rows; empty where none is wanted or there is no line to draw. */
  readonly spark: readonly (number | null)[];
}

export interface Delta {
  /** The direction of the arrow. */
  readonly direction: "up" | "down" | "flat";
  /** The colour: good follows the arrow, unless lower is better. */
  readonly mood: "good" | "bad" | "neutral";
  readonly text: string;
  readonly before: string;
}

/** Raises CannotDraw when a named column is missing or the last row holds no number. */
export function readKpi(table: Table, config: ChartConfig, locale: string): Kpi {
  const named = namedColumn(table, config, "comparisonField");
  const chosen = namedColumn(table, config, "valueField") ?? alsoCalled(table, config, "yField");
  const column = needed(chosen ?? firstNumber(table, [named]), "the value");
  const comparison = named ?? previousOf(table, column);
  const last = table.rows.length - 1;
  const value = numbersOf(table, column)[last] ?? null;
  if (value === null) throw new CannotDraw("no_values", `“${column}” is empty in the last row.`);
  const before = comparison === undefined ? null : (numbersOf(table, comparison)[last] ?? null);
  const style = styleOf(config);
  return {
    text: figure(value, style, locale),
    full: formatFull(value, style, locale),
    delta:
      before === null
        ? undefined
        : deltaOf(value, before, style, flagOf(config, "lowerIsBetter") === true, locale),
    compareLabel: textOf(config, "compareLabel"),
    spark: sparkOf(table, config, column),
  };
}

/** `revenue` is compared with `revenue_prev`, where the query brings it, unless the author names another column. */
function previousOf(table: Table, column: string): string | undefined {
  const wanted = `${column}_prev`.toLowerCase();
  return table.columns.find((one) => one.toLowerCase() === wanted);
}

const MAGNITUDE = /^\s*[KMBT]$/i;

/** Full where the config asks for plain numbers or writes its own magnitude ("M"), else short. */
function figure(value: number, style: NumberStyle, locale: string): string {
  const isPlain = style.format === "number" || (style.suffix !== undefined && MAGNITUDE.test(style.suffix));
  return isPlain ? formatFull(value, style, locale) : formatShort(value, style, locale);
}

function deltaOf(
  value: number,
  before: number,
  style: NumberStyle,
  isLowerBetter: boolean,
  locale: string,
): Delta {
  const change = value - before;
  const direction = change > 0 ? "up" : change < 0 ? "down" : "flat";
  const mood = direction === "flat" ? "neutral" : (direction === "up") === isLowerBetter ? "bad" : "good";
  const text =
    before === 0
      ? formatShort(Math.abs(change), style, locale)
      : formatPercent(Math.abs(change / before), locale);
  return { direction, mood, text, before: figure(before, style, locale) };
}

function sparkOf(table: Table, config: ChartConfig, value: string): readonly (number | null)[] {
  if (flagOf(config, "showSparkline") !== true && textOf(config, "sparklineField") === undefined) return [];
  if (flagOf(config, "showSparkline") === false) return [];
  const line = numbersOf(table, namedColumn(table, config, "sparklineField") ?? value);
  return line.filter((point) => point !== null).length > 1 ? line : [];
}

export interface Spark {
  /** SVG paths in a box of 100 by 100. */
  readonly line: string;
  readonly area: string;
  /** Height of the last point, 0 (top) to 100. */
  readonly end: number;
}

const MAX_POINTS = 240;

/** The line through the values, left to right; gaps stay gaps, long series are averaged down. */
export function sparkPath(values: readonly (number | null)[]): Spark {
  const points = shrink(values);
  const present = points.filter((point) => point !== null);
  const least = Math.min(...present);
  const span = Math.max(...present) - least || 1;
  const x = (at: number) => (points.length > 1 ? (at / (points.length - 1)) * 100 : 50);
  const y = (value: number) => 92 - ((value - least) / span) * 84;
  const round = (number: number) => Number(number.toFixed(2));
  const runs: string[][] = [[]];
  points.forEach((point, at) => {
    if (point === null) runs.push([]);
    else runs.at(-1)?.push(`${round(x(at))} ${round(y(point))}`);
  });
  const drawn = runs.filter((run) => run.length > 0);
  const ends = (run: string[]) => [run[0]?.split(" ")[0] ?? "0", run.at(-1)?.split(" ")[0] ?? "100"];
  return {
    line: drawn.map((run) => `M${run.join("L")}`).join(""),
    area: drawn.map((run) => `M${ends(run)[0]} 100L${run.join("L")}L${ends(run)[1]} 100Z`).join(""),
    end: round(y(present.at(-1) ?? least)),
  };
}

function shrink(values: readonly (number | null)[]): (number | null)[] {
  if (values.length <= MAX_POINTS) return [...values];
  const step = values.length / MAX_POINTS;
  return Array.from({ length: MAX_POINTS }, (_, at) => {
    const part = values
      .slice(Math.floor(at * step), Math.floor((at + 1) * step))
      .filter((value) => value !== null);
    return part.length === 0 ? null : part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}
