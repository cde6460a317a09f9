/** Profiles: one axis per name, one shape per series. */
import { CannotDraw, type ChartConfig, type ChartContext, type Drawing, type Table } from "../contract";
import { numberOf } from "../data/fields";
import { bySize, pivot, rows, type Series } from "../data/pivot";
import { formatFull, formatShort, styleOf } from "../format";
import { legendFor } from "../layout";
import { MAX_COLORS } from "../palette";
import { enumerate } from "../summary";
import { colorsFor, frame, sizeOf, textWidth, tokensOf, tooltipFrame, wrap } from "../theme";
import { card, tipParams } from "../tooltip";
import { shortLabels } from "./cartesian";

const MAX_AXES = 16;

export function draw(table: Table, config: ChartConfig, ctx: ChartContext): Drawing {
  const made = pivot(
    table,
    { seriesField: config.seriesField, xField: config.nameField, yField: config.valueField },
    ctx,
  );
  if (made.positions.length < 3)
    throw new CannotDraw("unfit", "A radar needs at least three axes. Try a bar chart.", "bar");
  const axes = shortLabels(made, ctx).slice(0, MAX_AXES);
  const series = largest(made.series);
  const notes = [...made.notes];
  if (axes.length < made.positions.length)
    notes.push(`The first ${MAX_AXES} of ${made.positions.length} axes are drawn.`);
  if (series.length < made.series.length)
    notes.push(`The ${series.length} largest of ${made.series.length} series are drawn.`);
  const values = series.map((one) => one.values.slice(0, MAX_AXES).map((value) => value ?? 0));
  const below = values.flat().filter((value) => value < 0).length;
  const most = numberOf(config, "max") ?? ceiling(Math.max(...values.flat()));
  if (below > 0) notes.push(`${rows(below)} below zero start at the middle.`);
  const style = styleOf(config);
  const tokens = tokensOf(ctx);
  const names = series.map((one) => one.name);
  const colors = colorsFor(names, config, ctx);
  const { font } = sizeOf(ctx);
  const legend = legendFor(names, config, ctx);
  const widest = Math.min(ctx.width * 0.2, Math.max(...axes.map((name) => textWidth(name, font))));
  const height = ctx.height - legend.height;
  const radius = Math.max(24, Math.min(height / 2 - 22, ctx.width / 2 - widest - 14));
  return {
    option: {
      ...frame(ctx),
      color: colors,
      legend: legend.legend,
      tooltip: {
        ...tooltipFrame(ctx),
        trigger: "item",
        formatter: (given: unknown) => {
          const at = tipParams(given)[0]?.dataIndex ?? -1;
          const lines = axes.map((name, axis) => ({
            name,
            value: formatFull(values[at]?.[axis] ?? 0, style, ctx.locale),
          }));
          return card(names[at] ?? "", lines, ctx);
        },
      },
      radar: {
        center: ["50%", legend.height + height / 2],
        radius,
        splitNumber: radius < 60 ? 2 : 4,
        axisNameGap: 8,
        indicator: axes.map((name) => ({ name, max: most > 0 ? most : 1, min: 0 })),
        axisName: {
          color: tokens.inkSoft,
          fontSize: font,
          lineHeight: Math.round(font * 1.3),
          formatter: (name?: string) => wrap(name ?? "", widest + 4, font),
        },
        axisLine: { lineStyle: { color: tokens.line, opacity: 0.6 } },
        splitLine: { lineStyle: { color: tokens.line, opacity: 0.6 } },
        splitArea: { show: false },
      },
      series: [
        {
          type: "radar",
          symbol: "circle",
          symbolSize: 4,
          data: series.map((one, at) => ({
            name: one.name,
            value: values[at] ?? [],
            itemStyle: { color: colors[at] },
            lineStyle: { color: colors[at], width: 2 },
            areaStyle: { color: colors[at], opacity: series.length === 1 ? 0.22 : 0.1 },
          })),
          emphasis: { focus: "self", lineStyle: { width: 3 }, areaStyle: { opacity: 0.35 } },
          blur: { lineStyle: { opacity: 0.2 }, areaStyle: { opacity: 0.03 }, itemStyle: { opacity: 0.2 } },
        },
      ],
    },
    summary: `Radar of ${axes.length} axes up to ${formatShort(most, style, ctx.locale)}: ${enumerate(names)}.`,
    notes,
    rowAt: ({ dataIndex = -1 }) =>
      series.length === 1 ? undefined : series[dataIndex]?.rows.find((row) => row !== undefined),
  };
}

function largest(series: readonly Series[]): readonly Series[] {
  if (series.length <= MAX_COLORS) return series;
  const kept = new Set(bySize(series).slice(0, MAX_COLORS - 1));
  return series.filter((one) => kept.has(one));
}

/** The next round number: 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 or 10 times a power of ten. */
export function ceiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((one) => one * power >= value * (1 - 1e-9)) ?? 10;
  return Number((step * power).toPrecision(12));
}
