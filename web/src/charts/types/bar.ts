/** Bars: upright or lying, side by side or stacked, always from zero. */
import type { BarSeriesOption } from "echarts";
import type { ChartConfig, ChartContext, Drawing, Table } from "../contract";
import { flagOf, textOf } from "../data/fields";
import { largestPositions, type Pivot, pivot, type Series, withOther } from "../data/pivot";
import { formatShort, type NumberStyle, styleOf } from "../format";
import { axisName, baseAxis, categoryLabels, gridFor, legendFor, stackedLabels, valueAxis } from "../layout";
import { colorsFor, frame, sizeOf, textWidth, tokensOf, tooltipFrame } from "../theme";
import { cartesianTip, describe, fullLabel, rowFinder, shortLabels } from "./cartesian";

const MAX_CATEGORIES = 100;
const MAX_PERIODS = 2000;

export function draw(table: Table, config: ChartConfig, ctx: ChartContext): Drawing {
  const whole = keepOrder(pivot(table, config, ctx), table);
  const cut = largestPositions(whole, whole.kind === "category" ? MAX_CATEGORIES : MAX_PERIODS);
  const made = { ...cut, series: withOther(cut.series) };
  const style = styleOf(config);
  const isLying = flagOf(config, "horizontal") === true;
  const isStacked = flagOf(config, "stacked") === true && made.series.length > 1;
  const labels = shortLabels(made, ctx);
  const label = fullLabel(made, ctx);
  const isLabelled = hasLabels(made, config, isLying, isStacked, ctx);
  const plan = { made, labels, style, isStacked, isLying, isLabelled, config, ctx };
  return {
    option: {
      ...frame(ctx),
      color: colorsFor(
        made.series.map((one) => one.name),
        config,
        ctx,
      ),
      ...(isLying ? lying(plan) : upright(plan)),
      tooltip: {
        ...tooltipFrame(ctx),
        trigger: "axis",
        axisPointer: { type: "shadow", shadowStyle: { color: tokensOf(ctx).line, opacity: 0.22 } },
        formatter: cartesianTip(made, { label, style, isTotalled: isStacked, isCategory: true }, ctx),
      },
      series: made.series.map((one) => barSeries(one, plan)),
    },
    summary: describe("Bar chart", made, { label, style }, config, ctx),
    notes: made.notes,
    rowAt: rowFinder(made.series),
  };
}

interface Plan {
  readonly made: Pivot;
  readonly labels: readonly string[];
  readonly style: NumberStyle;
  readonly isStacked: boolean;
  readonly isLying: boolean;
  readonly isLabelled: boolean;
  readonly config: ChartConfig;
  readonly ctx: ChartContext;
}

/** Numbers on the x axis rise, unless the query ranks them by value: then the ranking is the message. */
function keepOrder(made: Pivot, table: Table): Pivot {
  const [only] = made.series;
  if (made.kind !== "number" || made.series.length !== 1 || !only || table.rows.length < 3) return made;
  const order = only.rows.map((row, at) => ({ row: row ?? at, at })).sort((a, b) => a.row - b.row);
  const ranked = order.map(({ at }) => only.values[at] ?? 0);
  const isRanked = ranked.every((value, at) => at === 0 || value <= (ranked[at - 1] ?? value));
  const isFlat = ranked[0] === ranked.at(-1);
  if (!isRanked || isFlat) return made;
  const pick = <T>(list: readonly T[]) => order.map(({ at }) => list[at] as T);
  return {
    ...made,
    positions: pick(made.positions),
    series: [{ ...only, values: pick(only.values), rows: pick(only.rows) }],
  };
}

/** Lying bars of one series carry their values and need no axis, when there is room for the words. */
function hasLabels(
  made: Pivot,
  config: ChartConfig,
  isLying: boolean,
  isStacked: boolean,
  ctx: ChartContext,
): boolean {
  const wanted = flagOf(config, "showLabels");
  if (wanted !== undefined) return wanted;
  return isLying && !isStacked && made.series.length === 1 && ctx.height / made.positions.length >= 15;
}

function upright({ made, labels, style, config, ctx }: Plan) {
  const legend = legendFor(
    made.series.map((one) => one.name),
    config,
    ctx,
  );
  const x = axisName(textOf(config, "xLabel"), "x", ctx);
  const y = axisName(textOf(config, "yLabel"), "y", ctx);
  const base = baseAxis(ctx);
  const fit = categoryLabels(labels, ctx.width - 60, ctx);
  return {
    legend: legend.legend,
    grid: gridFor({ top: legend.height + y.room + 10, bottom: 4 + x.room }),
    xAxis: {
      type: "category" as const,
      data: [...labels],
      ...base,
      ...x.axis,
      axisLabel: { ...base.axisLabel, ...fit },
    },
    yAxis: { ...valueAxis(style, { ...config, yLabel: undefined }, ctx), ...y.axis },
  };
}

function lying({ made, labels, style, isLabelled, isStacked, config, ctx }: Plan) {
  const legend = legendFor(
    made.series.map((one) => one.name),
    config,
    ctx,
  );
  const base = baseAxis(ctx);
  const isBare = isLabelled && !isStacked && made.series.length === 1;
  const widest = isLabelled ? labelRoom(made, style, ctx) : 10;
  const value = valueAxis(style, {}, ctx);
  const title = axisName(textOf(config, "yLabel"), "x", ctx);
  const isNegative = made.series.some((one) => one.values.some((number) => (number ?? 0) < 0));
  return {
    legend: legend.legend,
    grid: gridFor({
      top: legend.height + 4,
      right: widest,
      bottom: 2 + (isBare ? 0 : title.room),
      left: isBare && isNegative ? widest : 2,
    }),
    xAxis: isBare
      ? { ...value, show: false, ...reach(made) }
      : { ...value, ...title.axis, splitNumber: sizeOf(ctx).narrow ? 2 : 4 },
    yAxis: {
      type: "category" as const,
      data: [...labels],
      inverse: true,
      ...base,
      axisLine: { show: false },
      axisLabel: {
        ...base.axisLabel,
        color: tokensOf(ctx).inkSoft,
        ...stackedLabels(
          labels.length,
          ctx.height - legend.height - (isBare ? 8 : 28),
          ctx.width * 0.34,
          ctx,
        ),
      },
    },
  };
}

/** Without an axis to read, the longest bar takes the whole width. */
function reach(made: Pivot): { max?: "dataMax"; min?: "dataMin" } {
  const values = made.series.flatMap((one) => one.values.filter((value) => typeof value === "number"));
  return {
    ...(values.some((value) => value > 0) ? { max: "dataMax" as const } : {}),
    ...(values.some((value) => value < 0) ? { min: "dataMin" as const } : {}),
  };
}

function labelRoom(made: Pivot, style: NumberStyle, ctx: ChartContext): number {
  const { font } = sizeOf(ctx);
  const widths = made.series.flatMap((one) =>
    one.values.slice(0, 100).map((value) => textWidth(formatShort(value ?? 0, style, ctx.locale), font)),
  );
  return Math.max(10, ...widths) + 10;
}

function barSeries(one: Series, { made, style, isStacked, isLying, isLabelled, ctx }: Plan): BarSeriesOption {
  const tokens = tokensOf(ctx);
  const isDense = made.positions.length > ctx.width / 4;
  return {
    type: "bar",
    name: one.name,
    data: one.values.map((value) => barDatum(value, isStacked || isDense, isLying)),
    ...(isStacked ? { stack: "all" } : {}),
    barMaxWidth: isLying ? 28 : 56,
    barCategoryGap: isDense ? "10%" : made.series.length > 1 && !isStacked ? "24%" : "30%",
    barGap: "8%",
    itemStyle: isStacked && !isDense ? { borderColor: tokens.ground, borderWidth: 0.5 } : {},
    emphasis: { focus: made.series.length > 1 ? "series" : "none" },
    blur: { itemStyle: { opacity: 0.3 } },
    label: {
      show: isLabelled,
      position: isStacked ? "inside" : isLying ? "right" : "top",
      color: isStacked ? undefined : tokens.inkSoft,
      fontSize: sizeOf(ctx).font,
      formatter: ({ value }) => (typeof value === "number" ? formatShort(value, style, ctx.locale) : ""),
    },
    labelLayout: { hideOverlap: true },
  };
}

/** The end away from zero is round; a label of a negative bar stands on its own side. */
function barDatum(value: number | null | undefined, isSquare: boolean, isLying: boolean) {
  if (value === null || value === undefined) return "-";
  if (isSquare) return value;
  const radius = isLying
    ? value < 0
      ? [3, 0, 0, 3]
      : [0, 3, 3, 0]
    : value < 0
      ? [0, 0, 3, 3]
      : [3, 3, 0, 0];
  const itemStyle = { borderRadius: radius };
  return value < 0
    ? { value, itemStyle, label: { position: isLying ? ("left" as const) : ("bottom" as const) } }
    : { value, itemStyle };
}
