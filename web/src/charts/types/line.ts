/** Lines and areas over time, numbers or categories. */
import type { LineSeriesOption } from "echarts";
import type { ChartConfig, ChartContext, Drawing, Table } from "../contract";
import { flagOf, textOf } from "../data/fields";
import { type Pivot, pivot, type Series, withContext, withOther } from "../data/pivot";
import { formatShort, formatTick, formatTimeTick, type NumberStyle, styleOf } from "../format";
import { axisName, baseAxis, categoryLabels, gridFor, legendFor, valueAxis } from "../layout";
import { fade } from "../palette";
import { clip, colorsFor, frame, sizeOf, textWidth, tokensOf, tooltipFrame } from "../theme";
import { cartesianTip, describe, fullLabel, rowFinder, shortLabels } from "./cartesian";

/** More distinct numbers than this on x make a measured axis; fewer are told one by one. */
const MAX_STEPS = 40;
const MAX_DIRECT = 4;
const MANY_POINTS = 2000;

export const drawLine = (table: Table, config: ChartConfig, ctx: ChartContext) =>
  draw("line", table, config, ctx);
export const drawArea = (table: Table, config: ChartConfig, ctx: ChartContext) =>
  draw("area", table, config, ctx);

function draw(shape: "line" | "area", table: Table, config: ChartConfig, ctx: ChartContext): Drawing {
  const whole = pivot(table, config, ctx);
  const isStacked = flagOf(config, "stacked") === true && whole.series.length > 1;
  const { made, names } = limit(whole, isStacked);
  const axis =
    made.kind === "time"
      ? "time"
      : made.kind === "number" && made.positions.length > MAX_STEPS
        ? "value"
        : "category";
  const style = styleOf(config);
  const isDirect = hasDirectLabels(names, config, ctx);
  const legend = isDirect ? { legend: { show: false }, height: 0 } : legendFor(names, config, ctx);
  const colors = colorsFor(names, config, ctx);
  const muted = tokensOf(ctx).muted;
  const colorOf = (one: Series) => (one.isContext ? muted : (colors[names.indexOf(one.name)] ?? muted));
  const plan = { shape, made, axis, style, isStacked, isDirect, config, ctx } as const;
  const label = fullLabel(made, ctx);
  const drawn = made.series.map((one) => points(one, plan));
  const y = axisName(textOf(config, "yLabel"), "y", ctx);
  const x = axisName(textOf(config, "xLabel"), "x", ctx);
  return {
    option: {
      ...frame(ctx),
      color: made.series.map(colorOf),
      legend: legend.legend,
      grid: gridFor({
        top: legend.height + y.room + 10,
        bottom: 4 + x.room,
        right: isDirect ? directRoom(names, ctx) : 14,
      }),
      xAxis: { ...xAxis(plan), ...x.axis },
      yAxis: {
        ...valueAxis(style, { ...config, yLabel: undefined }, ctx),
        ...y.axis,
        scale: mayLeaveZero(plan),
      },
      tooltip: {
        ...tooltipFrame(ctx),
        trigger: "axis",
        axisPointer: { type: "line", lineStyle: { color: tokensOf(ctx).line, width: 1, type: "solid" } },
        formatter: cartesianTip(
          made,
          { label, style, isTotalled: isStacked, isCategory: axis === "category" },
          ctx,
        ),
      },
      series: made.series.map((one, index) => lineSeries(one, drawn[index]?.data ?? [], colorOf(one), plan)),
    },
    summary: describe(shape === "line" ? "Line chart" : "Area chart", made, { label, style }, config, ctx),
    notes: made.notes,
    rowAt: rowFinder(
      made.series,
      drawn.map(({ at }) => at),
    ),
  };
}

interface Plan {
  readonly shape: "line" | "area";
  readonly made: Pivot;
  readonly axis: "time" | "value" | "category";
  readonly style: NumberStyle;
  readonly isStacked: boolean;
  readonly isDirect: boolean;
  readonly config: ChartConfig;
  readonly ctx: ChartContext;
}

/** At most seven colours and a rest: added up where stacked, grey lines where not. */
function limit(whole: Pivot, isStacked: boolean): { made: Pivot; names: string[] } {
  if (isStacked) {
    const series = withOther(whole.series);
    return { made: { ...whole, series }, names: series.map((one) => one.name) };
  }
  const { series, dropped } = withContext(whole.series);
  const context = series.filter((one) => one.isContext).length;
  const notes = [...whole.notes];
  if (context > 0)
    notes.push(`The ${series.length - context} largest of ${whole.series.length} series are coloured.`);
  if (dropped > 0) notes.push(`${dropped} of the smallest series are not drawn.`);
  return {
    made: { ...whole, series, notes },
    names: series.filter((one) => !one.isContext).map((one) => one.name),
  };
}

function hasDirectLabels(names: readonly string[], config: ChartConfig, ctx: ChartContext): boolean {
  const isFew = names.length > 1 && names.length <= MAX_DIRECT;
  return (
    isFew &&
    flagOf(config, "showLegend") === undefined &&
    flagOf(config, "stacked") !== true &&
    ctx.width >= 420
  );
}

const directNames = (made: Pivot) => made.series.map((one) => one.name);

function directRoom(names: readonly string[], ctx: ChartContext): number {
  return Math.min(120, Math.max(...names.map((name) => textWidth(name, sizeOf(ctx).font)))) + 16;
}

function xAxis(plan: Plan) {
  const { made, axis, isDirect, ctx } = plan;
  const base = baseAxis(ctx);
  if (axis === "category") {
    const labels = shortLabels(made, ctx);
    const fit = categoryLabels(
      labels,
      ctx.width - 50 - (isDirect ? directRoom(directNames(made), ctx) : 14),
      ctx,
    );
    return {
      type: "category" as const,
      data: labels,
      boundaryGap: made.positions.length === 1,
      ...base,
      axisLabel: { ...base.axisLabel, ...fit },
    };
  }
  const first = Number(made.positions[0] ?? 0);
  const last = Number(made.positions.at(-1) ?? 0);
  const span = last - first;
  if (axis === "value") {
    const formatter = (value: number) => formatNumberTick(value, made, ctx);
    return {
      type: "value" as const,
      min: first,
      max: last,
      ...base,
      axisLabel: { ...base.axisLabel, formatter, showMinLabel: false, showMaxLabel: false },
    };
  }
  const formatter = (value: number) => formatTimeTick(value, span, ctx.locale);
  const count = Math.max(2, Math.floor(ctx.width / 90));
  return {
    type: "time" as const,
    splitNumber: Math.min(count, 10),
    ...(span > 0 ? { min: first, max: last } : {}),
    ...base,
    axisLabel: { ...base.axisLabel, formatter, showMinLabel: span > 0 ? undefined : true },
  };
}

/** Whole numbers between 1000 and 9999 may be years: they get no thousands separator. */
function formatNumberTick(value: number, made: Pivot, ctx: ChartContext): string {
  const isYear = made.positions.every(
    (at) => Number.isInteger(at) && Number(at) > 999 && Number(at) < 10_000,
  );
  return isYear ? String(value) : formatTick(value, {}, ctx.locale);
}

/** A line whose values lie close together, far from zero, may leave zero out; an area never. */
function mayLeaveZero({ shape, made, isStacked }: Plan): boolean {
  if (shape === "area" || isStacked) return false;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const one of made.series)
    for (const value of one.values) {
      if (typeof value !== "number") continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  return (least > 0 && least > most * 0.35) || (most < 0 && most < least * 0.35);
}

/** The points of a series and the position each stands for. A missing row is skipped, an empty value is a gap. */
function points(
  one: Series,
  { made, axis, isStacked }: Plan,
): { data: LineSeriesOption["data"]; at: number[] } {
  if (axis === "category")
    return {
      data: one.values.map((value) => value ?? (isStacked ? 0 : "-")),
      at: made.positions.map((_, index) => index),
    };
  const data: [number, number | "-"][] = [];
  const at: number[] = [];
  made.positions.forEach((position, index) => {
    const value = one.values[index];
    if (value === undefined && !isStacked) return;
    data.push([Number(position), value ?? (isStacked ? 0 : "-")]);
    at.push(index);
  });
  return { data, at };
}

function lineSeries(
  one: Series,
  data: LineSeriesOption["data"],
  color: string,
  plan: Plan,
): LineSeriesOption {
  const { shape, made, axis, isStacked, isDirect, config, ctx } = plan;
  const many = made.positions.length > MANY_POINTS;
  const { font } = sizeOf(ctx);
  const isMarked =
    made.positions.length <= 2 ||
    isLonely(one) ||
    (made.positions.length <= 24 && ctx.width / made.positions.length > 26);
  return {
    type: "line",
    name: one.name,
    data,
    ...(isStacked ? { stack: "all" } : {}),
    ...(flagOf(config, "smooth") ? { smooth: 0.35, smoothMonotone: "x" as const } : {}),
    ...(many && axis !== "category" ? { sampling: "lttb" as const } : {}),
    symbol: "circle",
    symbolSize: made.positions.length <= 2 ? 7 : 5,
    showSymbol: isMarked && !one.isContext && !(isStacked && shape === "area"),
    itemStyle: { color },
    lineStyle: { color, width: lineWidth(one, plan), opacity: one.isContext ? 0.4 : 1 },
    ...(shape === "area" && !one.isContext ? { areaStyle: areaStyle(color, plan) } : {}),
    emphasis: {
      focus: made.series.length > 1 ? "series" : "none",
      lineStyle: { width: lineWidth(one, plan) + 0.5 },
    },
    blur: { lineStyle: { opacity: 0.2 }, areaStyle: { opacity: 0.1 } },
    z: one.isContext ? 1 : 2,
    silent: one.isContext === true,
    label: {
      show: flagOf(config, "showLabels") === true && !many,
      fontSize: font,
      color: tokensOf(ctx).inkSoft,
      formatter: labelText(plan),
    },
    ...(isDirect && !one.isContext
      ? {
          endLabel: {
            show: true,
            color,
            fontSize: font,
            fontWeight: 600,
            distance: 6,
            formatter: () => clip(one.name, 120, font),
          },
          labelLayout: { moveOverlap: "shiftY" as const },
        }
      : { labelLayout: { hideOverlap: true } }),
  };
}

function labelText({ style, ctx }: Plan) {
  return ({ value }: { value?: unknown }) => {
    const number = Array.isArray(value) ? value[1] : value;
    return typeof number === "number" ? formatShort(number, style, ctx.locale) : "";
  };
}

function lineWidth(one: Series, { shape, made, isStacked }: Plan): number {
  if (one.isContext) return 1;
  if (shape === "area" && isStacked) return 0; // else a band of no height would still draw its line
  return made.positions.length > 500 ? 1.25 : 2;
}

function areaStyle(color: string, { made, isStacked, ctx }: Plan) {
  if (isStacked) return { color, opacity: ctx.theme === "dark" ? 0.72 : 0.78 };
  const strength = made.series.length > 1 ? 0.14 : 0.3;
  const stops = [
    { offset: 0, color: fade(color, strength) },
    { offset: 1, color: fade(color, 0.03) },
  ];
  return { color: { type: "linear" as const, x: 0, y: 0, x2: 0, y2: 1, colorStops: stops } };
}

/** A number between two gaps would be invisible without its mark. */
function isLonely({ values }: Series): boolean {
  const has = (index: number) => typeof values[index] === "number";
  return values.length <= 200 && values.some((_, index) => has(index) && !has(index - 1) && !has(index + 1));
}
