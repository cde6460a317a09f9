/** Shares of a whole: the largest seven and the rest. */
import { CannotDraw, type ChartConfig, type ChartContext, type Drawing, type Table } from "../contract";
import { flagOf } from "../data/fields";
import { nameValues, topWithOther } from "../data/parts";
import { formatFull, formatPercent, formatShort, styleOf } from "../format";
import { legendFor } from "../layout";
import { clip, colorsFor, frame, sizeOf, tokensOf, tooltipFrame } from "../theme";
import { card, tipParams } from "../tooltip";

export function draw(table: Table, config: ChartConfig, ctx: ChartContext): Drawing {
  const read = nameValues(table, config);
  const positive = read.parts.filter((part) => part.value > 0);
  const below = read.parts.filter((part) => part.value < 0).length;
  if (positive.length === 0)
    throw new CannotDraw(
      "no_values",
      "A pie needs values above zero; here there are none. Try a bar chart.",
      "bar",
    );
  const parts = topWithOther(positive);
  const notes = below > 0 ? [...read.notes, `${below} values below zero have no slice.`] : read.notes;
  const total = parts.reduce((sum, part) => sum + part.value, 0);
  const style = styleOf(config);
  const tokens = tokensOf(ctx);
  const colors = colorsFor(
    parts.map((part) => part.name),
    config,
    ctx,
  );
  const { font } = sizeOf(ctx);
  const isLabelled = flagOf(config, "showLabels") ?? (ctx.width >= 300 && ctx.height >= 170);
  const isNamed = isLabelled && ctx.width >= 300;
  const legend = legendFor(
    parts.map((part) => part.name),
    { ...config, showLegend: flagOf(config, "showLegend") ?? (!isNamed && ctx.height >= 140) },
    ctx,
  );
  const isDonut = flagOf(config, "donut") === true;
  const radius = Math.max(
    20,
    Math.min(
      (ctx.height - legend.height) / 2 - (isNamed ? 16 : 6),
      ctx.width / 2 - (isNamed ? ctx.width * 0.24 : 6),
    ),
  );
  const centre = [ctx.width / 2, legend.height + (ctx.height - legend.height) / 2];
  const share = (value: number) => formatPercent(value / total, ctx.locale);
  return {
    option: {
      ...frame(ctx),
      color: colors,
      legend: legend.legend,
      tooltip: {
        ...tooltipFrame(ctx),
        trigger: "item",
        formatter: (given: unknown) => {
          const part = parts[tipParams(given)[0]?.dataIndex ?? -1];
          if (!part) return "";
          const lines = [{ name: share(part.value), value: formatFull(part.value, style, ctx.locale) }];
          return card(part.name, lines, ctx, part.count > 1 ? `${part.count} together` : undefined);
        },
      },
      ...(isDonut && radius > 46
        ? { title: middle(formatShort(total, style, ctx.locale), centre, radius, ctx) }
        : {}),
      series: [
        {
          type: "pie",
          center: centre,
          radius: [isDonut ? radius * 0.62 : 0, radius],
          startAngle: 90,
          data: parts.map(({ name, value }) => ({ name, value })),
          itemStyle: { borderColor: tokens.ground, borderWidth: parts.length > 1 ? 1.5 : 0, borderRadius: 2 },
          label: {
            show: isLabelled,
            color: tokens.ink,
            fontSize: font,
            lineHeight: font + 4,
            formatter: ({ name, value }) =>
              `${clip(name, Math.max(48, ctx.width * 0.22), font)}\n{soft|${share(typeof value === "number" ? value : 0)}}`,
            rich: { soft: { color: tokens.inkFaint, fontSize: font, lineHeight: font + 4 } },
          },
          labelLine: { length: 8, length2: 8, lineStyle: { color: tokens.line } },
          minShowLabelAngle: 5,
          emphasis: { scaleSize: 4, label: { fontWeight: 600 } },
        },
      ],
    },
    summary: `Pie chart of ${parts.length} parts, total ${formatShort(total, style, ctx.locale)}. ${parts
      .slice(0, 4)
      .map((part) => `${part.name} ${share(part.value)}`)
      .join(", ")}.`,
    notes,
    rowAt: ({ dataIndex = -1 }) => parts[dataIndex]?.row,
  };
}

/** The total in the hole of a donut. */
function middle(text: string, [x = 0, y = 0]: readonly number[], radius: number, ctx: ChartContext) {
  const tokens = tokensOf(ctx);
  const size = Math.min(26, Math.round(radius * 0.28));
  return {
    text,
    subtext: "Total",
    left: x,
    top: y - size * 0.85,
    textAlign: "center" as const,
    itemGap: 2,
    padding: 0,
    textStyle: { color: tokens.ink, fontSize: size, fontWeight: 600 as const },
    subtextStyle: { color: tokens.inkFaint, fontSize: 11 },
  };
}
