/** What bar, line and area share: the words on the x axis, the headings of tooltips, the way back to a row. */
import type { ChartConfig, ChartContext, Point } from "../contract";
import { titleOf } from "../data/fields";
import type { Pivot, Series } from "../data/pivot";
import {
  formatFull,
  formatMoment,
  formatMomentShort,
  formatShort,
  grainOf,
  type NumberStyle,
} from "../format";
import { enumerate, extremes } from "../summary";
import { axisTip } from "../tooltip";

/** Labels for the positions, as a category axis shows them. */
export function shortLabels(made: Pivot, ctx: ChartContext): string[] {
  if (made.kind !== "time") return made.positions.map(String);
  const times = made.positions.map(Number);
  const grain = grainOf(times);
  const years = new Set(times.map((time) => new Date(time).getUTCFullYear()));
  let lastYear: number | undefined;
  return times.map((time) => {
    const year = new Date(time).getUTCFullYear();
    const isNews = years.size > 1 && year !== lastYear;
    lastYear = year;
    return formatMomentShort(time, grain, ctx.locale, isNews);
  });
}

/** The full name of a position, for tooltips. */
export function fullLabel(made: Pivot, ctx: ChartContext): (index: number) => string {
  const { kind, positions } = made;
  const prefix = kind === "number" ? `${titleOf(made.x)} ` : ""; // "12" alone says nothing; "Hour 12" does
  if (kind !== "time") return (index) => `${prefix}${positions[index] ?? ""}`;
  const grain = grainOf(positions as readonly number[]);
  return (index) => {
    const time = positions[index];
    return typeof time === "number" ? formatMoment(time, grain, ctx.locale) : "";
  };
}

export interface TipPlan {
  readonly label: (index: number) => string;
  readonly style: NumberStyle;
  readonly isTotalled: boolean;
  /** The x axis counts categories, whatever the column holds. */
  readonly isCategory: boolean;
}

export function cartesianTip(
  made: Pivot,
  { label, style, isTotalled, isCategory }: TipPlan,
  ctx: ChartContext,
) {
  return axisTip(
    {
      heading: (index, at) => label(isCategory ? index : indexOf(made.positions, at)),
      value: (value) => formatFull(value, style, ctx.locale),
      total: isTotalled,
    },
    ctx,
  );
}

/** Where `wanted` stands in rising positions. */
function indexOf(positions: readonly (number | string)[], wanted: number): number {
  let low = 0;
  let high = positions.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Number(positions[middle]) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `drawn[s]` lists, per data point of series s, the position it stands for; identity when absent. */
export function rowFinder(series: readonly Series[], drawn?: readonly (readonly number[])[]) {
  return ({ seriesIndex = 0, dataIndex = 0 }: Point): number | undefined => {
    const at = drawn ? drawn[seriesIndex]?.[dataIndex] : dataIndex;
    return at === undefined ? undefined : series[seriesIndex]?.rows[at];
  };
}

/** What the picture shows, in two sentences. */
export function describe(
  what: string,
  made: Pivot,
  { label, style }: Pick<TipPlan, "label" | "style">,
  config: ChartConfig,
  ctx: ChartContext,
): string {
  const over = typeof config.xLabel === "string" && config.xLabel ? config.xLabel : made.x;
  const start = `${what} over ${over}, ${made.positions.length.toLocaleString(ctx.locale)} points`;
  const colored = made.series.filter((one) => !one.isContext);
  const [only] = colored;
  if (colored.length === 1 && only)
    return `${start}. ${only.name}: ${extremes(only.values, label, style, ctx)}`;
  return `${start}, ${made.series.length} series: ${enumerate(colored.map((one) => one.name))}. ${latest(colored, style, ctx)}`;
}

function latest(series: readonly Series[], style: NumberStyle, ctx: ChartContext): string {
  const ends = series.slice(0, 4).flatMap((one) => {
    const value = one.values.findLast((candidate) => typeof candidate === "number");
    return typeof value === "number" ? [`${one.name} ${formatShort(value, style, ctx.locale)}`] : [];
  });
  return ends.length > 0 ? `Last values: ${ends.join(", ")}.` : "";
}
