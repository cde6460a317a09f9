/** Where things stand: the legend and its height, the grid, the axes. */
import type { ChartConfig, ChartContext } from "./contract";
import { flagOf, textOf } from "./data/fields";
import { formatTick, type NumberStyle } from "./format";
import { clip, sizeOf, textWidth, tokensOf } from "./theme";

const ROW_HEIGHT = 20;
const MAX_NAME = 140;

/** A legend above the plot and the pixels it needs; none for a single name, or where the tile is too small for one. */
export function legendFor(
  names: readonly string[],
  config: ChartConfig,
  ctx: ChartContext,
  mostRows = ctx.height < 260 ? 1 : 2,
) {
  const wanted = flagOf(config, "showLegend");
  const { narrow, short, font } = sizeOf(ctx);
  const isShown = wanted ?? (names.length > 1 && !short);
  if (!isShown || names.length === 0) return { legend: { show: false }, height: 0 };
  const tokens = tokensOf(ctx);
  const width = narrow ? 90 : MAX_NAME;
  const count = legendRows(names, width, font, ctx.width);
  const isScrolled = count > mostRows;
  const legend = {
    show: true,
    type: isScrolled ? ("scroll" as const) : ("plain" as const),
    top: 0,
    left: 0,
    right: 0,
    padding: [0, 4, 0, 4],
    itemGap: 14,
    itemWidth: 10,
    itemHeight: 10,
    icon: "roundRect",
    data: [...names],
    formatter: (name: string) => clip(name, width, font),
    textStyle: { color: tokens.inkSoft, fontSize: font },
    inactiveColor: tokens.line,
    pageIconSize: 10,
    pageIconColor: tokens.inkSoft,
    pageIconInactiveColor: tokens.line,
    pageTextStyle: { color: tokens.inkFaint, fontSize: 10 },
    pageButtonItemGap: 4,
  };
  return { legend, height: (isScrolled ? 1 : count) * ROW_HEIGHT + 6 };
}

function legendRows(names: readonly string[], widest: number, font: number, space: number): number {
  let count = 1;
  let used = 0;
  for (const name of names) {
    const item = Math.min(textWidth(name, font), widest) + 10 + 5 + 14;
    if (used > 0 && used + item > space - 8) {
      count += 1;
      used = 0;
    }
    used += item;
  }
  return count;
}

export interface Margins {
  readonly top: number;
  readonly right?: number;
  readonly bottom?: number;
  readonly left?: number;
}

/** A plot that keeps its axis labels inside the tile. */
export function gridFor({ top, right = 10, bottom = 4, left = 4 }: Margins) {
  return {
    top,
    right,
    bottom,
    left,
    outerBoundsMode: "same" as const,
    outerBoundsContain: "axisLabel" as const,
  };
}

/** The axis of values: no line, soft rules, compact ticks. */
export function valueAxis(style: NumberStyle, config: ChartConfig, ctx: ChartContext, name?: string) {
  const tokens = tokensOf(ctx);
  const { narrow, short, font } = sizeOf(ctx);
  const title = name ?? textOf(config, "yLabel");
  return {
    type: "value" as const,
    splitNumber: short || narrow ? 3 : ctx.height < 320 ? 4 : 5,
    axisLine: { show: false, onZero: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: tokens.lineSoft, width: 1 } },
    axisLabel: {
      color: tokens.inkFaint,
      fontSize: font,
      hideOverlap: true,
      formatter: (value: number) => formatTick(value, style, ctx.locale),
    },
    ...(title && !narrow ? { name: title, nameTextStyle: { color: tokens.inkFaint, fontSize: font } } : {}),
  };
}

/** The look of an axis of categories, times or plain positions. */
export function baseAxis(ctx: ChartContext) {
  const tokens = tokensOf(ctx);
  const { font } = sizeOf(ctx);
  return {
    axisLine: { show: true, lineStyle: { color: tokens.line } },
    axisTick: { show: false },
    splitLine: { show: false },
    axisLabel: { color: tokens.inkFaint, fontSize: font, hideOverlap: true },
  };
}

/** The name of an axis under (x) or over (y) the plot, and the room it needs. */
export function axisName(name: string | undefined, where: "x" | "y", ctx: ChartContext) {
  const { narrow, font } = sizeOf(ctx);
  if (!name || narrow) return { axis: {}, room: 0 };
  const style = { color: tokensOf(ctx).inkFaint, fontSize: font };
  if (where === "x")
    return { axis: { name, nameLocation: "middle" as const, nameGap: 26, nameTextStyle: style }, room: 20 };
  return {
    axis: {
      name,
      nameLocation: "end" as const,
      nameGap: 10,
      nameTextStyle: { ...style, align: "left" as const, padding: [0, 0, 0, -4] },
    },
    room: 15,
  };
}

/** How labels fit under a plot of `width` pixels: straight, cut a little, or slanted; and how many are left out. */
export function categoryLabels(labels: readonly string[], width: number, ctx: ChartContext) {
  const { font } = sizeOf(ctx);
  const band = width / Math.max(labels.length, 1);
  const widest = labels.slice(0, 300).reduce((most, label) => Math.max(most, textWidth(label, font)), 0);
  const every = (space: number) => ({
    interval: Math.max(0, Math.ceil(space / band) - 1),
    hideOverlap: false,
  });
  if (widest + 6 <= band) return { ...every(0), rotate: 0 };
  if (labels.length <= 8 && band > 44)
    return { ...every(0), rotate: 0, width: band - 6, overflow: "truncate" as const };
  if (widest <= 44 || ctx.height < 180) {
    const cut = widest > 90 ? { width: 90, overflow: "truncate" as const } : {};
    return { ...every(Math.min(widest, 90) + 12), rotate: 0, ...cut };
  }
  const room = Math.min(widest, Math.max(60, ctx.height * 0.3));
  return { ...every(font + 3), rotate: 42, width: room, overflow: "truncate" as const };
}

/** As `categoryLabels`, for labels that stand one under the other. */
export function stackedLabels(count: number, height: number, width: number, ctx: ChartContext) {
  const { font } = sizeOf(ctx);
  const band = height / Math.max(count, 1);
  const interval = Math.max(0, Math.ceil((font + 3) / band) - 1);
  return { interval, hideOverlap: false, width: Math.round(width), overflow: "truncate" as const };
}
