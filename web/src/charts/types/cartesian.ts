/** What bar, line and area share: the words on the x axis, the headings of tooltips, the way back to a row. */
import type { ChartConfig, ChartContext, Point } from "../contract";
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
  if (made.kind !== "time") return made.positions.map((position) => position.label);
  const grain = grainOf(made.positions.map((position) => position.at));
  let lastYear: number | undefined;
  const years = new Set(made.positions.map((position) => new Date(position.at).getUTCFullYear()));
  return made.positions.map(({ at }) => {
    const year = new Date(at).getUTCFullYear();
    const isNews = years.size > 1 && year !== lastYear;
    lastYear = year;
    return formatMomentShort(at, grain, ctx.locale, isNews);
  });
}

/** The full name of a position, for tooltips. */
export function fullLabel(made: Pivot, ctx: ChartContext): (index: number) => string {
  if (made.kind !== "time") return (index) => made.positions[index]?.label ?? "";
  const grain = grainOf(made.positions.map((position) => position.at));
  return (index) => {
    const position = made.positions[index];
    return position ? formatMoment(position.at, grain, ctx.locale) : "";
  };
}

export function cartesianTip(made: Pivot, style: NumberStyle, isTotalled: boolean, ctx: ChartContext) {
  const label = fullLabel(made, ctx);
  const find = new Map(made.positions.map((position, index) => [position.at, index]));
  return axisTip(
    {
      heading: (index, at) => label(made.kind === "category" ? index : (find.get(at) ?? index)),
      value: (value) => formatFull(value, style, ctx.locale),
      total: isTotalled,
    },
    ctx,
  );
}

/** `drawn[s]` lists, per data point of series s, the position it stands for; identity when absent. */
export function rowFinder(series: readonly Series[], drawn?: readonly (readonly number[])[]) {
  return ({ seriesIndex = 0, dataIndex = 0 }: Point): number | undefined => {
    const at = drawn ? drawn[seriesIndex]?.[dataIndex] : dataIndex;
    return at === undefined ? undefined : series[seriesIndex]?.rows[at];
  };
}

export function describe(
  what: string,
  made: Pivot,
  style: NumberStyle,
  config: ChartConfig,
  ctx: ChartContext,
): string {
  const label = fullLabel(made, ctx);
  const over = typeof config.xLabel === "string" && config.xLabel ? config.xLabel : made.x;
  const start = `${what} over ${over}, ${made.positions.length.toLocaleString(ctx.locale)} points`;
  const colored = made.series.filter((one) => !one.isContext);
  const [only] = colored;
  if (colored.length === 1 && only) {
    const values = only.values.flatMap((value, index) =>
      typeof value === "number" ? [{ name: label(index), value }] : [],
    );
    return `${start}. ${only.name}: ${extremes(values, style, ctx)}`;
  }
  return `${start}, ${made.series.length} series: ${enumerate(colored.map((one) => one.name))}. ${latest(colored, style, ctx)}`;
}

function latest(series: readonly Series[], style: NumberStyle, ctx: ChartContext): string {
  const ends = series.slice(0, 4).flatMap((one) => {
    const value = one.values.findLast((candidate) => typeof candidate === "number");
    return typeof value === "number" ? [`${one.name} ${formatShort(value, style, ctx.locale)}`] : [];
  });
  return ends.length > 0 ? `Last values: ${ends.join(", ")}.` : "";
}
