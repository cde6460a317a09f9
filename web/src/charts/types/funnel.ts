/** Stages, each a share of the first. */
import { CannotDraw, type ChartConfig, type ChartContext, type Drawing, type Table } from "../contract";
import { flagOf, textOf } from "../data/fields";
import { nameValues, type Part } from "../data/parts";
import { formatFull, formatPercent, formatShort, styleOf } from "../format";
import { legendFor } from "../layout";
import { inkOn, mix, sequential } from "../palette";
import { clip, frame, sizeOf, tokensOf, tooltipFrame } from "../theme";
import { card, tipParams } from "../tooltip";

const MAX_STAGES = 12;

export function draw(table: Table, config: ChartConfig, ctx: ChartContext): Drawing {
  const read = nameValues(table, config);
  const positive = read.parts.filter((part) => part.value >= 0);
  if (!positive.some((part) => part.value > 0))
    throw new CannotDraw(
      "no_values",
      "A funnel needs stages above zero; here there are none. Try a bar chart.",
      "bar",
    );
  const { stages, notes } = order(positive, read.parts.length - positive.length, read.notes);
  const style = styleOf(config);
  const tokens = tokensOf(ctx);
  const { font, slim } = sizeOf(ctx);
  const first = stages[0]?.value ?? 0;
  const share = (part: Part) => formatPercent(part.value / first, ctx.locale);
  const colors = shades(stages.length, config, ctx);
  const legend = legendFor(
    stages.map((part) => part.name),
    { ...config, showLegend: flagOf(config, "showLegend") ?? false },
    ctx,
  );
  const isInside = slim;
  const text = (part: Part | undefined) => {
    if (!part) return "";
    const value = `${formatShort(part.value, style, ctx.locale)}  ${share(part)}`;
    if (isInside && ctx.height / stages.length < 2 * (font + 5))
      return `${clip(part.name, ctx.width * 0.5, font)}  ${share(part)}`;
    return isInside
      ? `${clip(part.name, ctx.width * 0.5, font)}\n${value}`
      : `{name|${clip(part.name, ctx.width * 0.26, font)}}\n{value|${value}}`;
  };
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
          const part = stages[at];
          const before = stages[at - 1];
          if (!part) return "";
          const lines = [
            { name: "Value", value: formatFull(part.value, style, ctx.locale) },
            { name: "Of the first", value: share(part) },
            ...(before && before.value > 0
              ? [{ name: `Of ${before.name}`, value: formatPercent(part.value / before.value, ctx.locale) }]
              : []),
          ];
          return card(part.name, lines, ctx);
        },
      },
      series: [
        {
          type: "funnel",
          sort: "none",
          top: legend.height + 4,
          bottom: 4,
          left: isInside ? 8 : 12,
          right: isInside ? 8 : Math.round(ctx.width * 0.32),
          min: 0,
          max: first,
          minSize: "2%",
          gap: 2,
          funnelAlign: "center",
          itemStyle: { borderWidth: 0, borderColor: tokens.ground },
          label: {
            show: true,
            position: isInside ? "inside" : "right",
            fontSize: font,
            lineHeight: font + 4,
            color: tokens.ink,
            formatter: ({ dataIndex }) => text(stages[dataIndex]),
            rich: {
              name: { color: tokens.ink, fontSize: font, fontWeight: 600, lineHeight: font + 5 },
              value: { color: tokens.inkFaint, fontSize: font, lineHeight: font + 4 },
            },
          },
          labelLine: { length: 10, lineStyle: { color: tokens.line } },
          emphasis: { label: { fontWeight: 600 } },
          data: stages.map(({ name, value }, at) => ({
            name,
            value,
            ...(isInside
              ? { label: { color: value / first > 0.45 ? inkOn(colors[at] ?? tokens.ground) : tokens.ink } }
              : {}),
          })),
        },
      ],
    },
    summary: `Funnel of ${stages.length} stages: ${stages
      .slice(0, 6)
      .map((part) => `${part.name} ${formatShort(part.value, style, ctx.locale)} (${share(part)})`)
      .join(", ")}.`,
    notes,
    rowAt: ({ dataIndex = -1 }) => stages[dataIndex]?.row,
  };
}

/** Stages fall: the query's order where it does already, else by value. */
function order(
  parts: readonly Part[],
  below: number,
  given: readonly string[],
): { stages: readonly Part[]; notes: string[] } {
  const notes = [...given];
  if (below > 0) notes.push(`${below} values below zero left out.`);
  const sorted = [...parts].sort((a, b) => b.value - a.value);
  if (sorted.length > MAX_STAGES)
    notes.push(`The ${MAX_STAGES} largest of ${sorted.length} stages are drawn.`);
  return { stages: sorted.slice(0, MAX_STAGES), notes };
}

/** One hue, stronger at the top. */
function shades(count: number, config: ChartConfig, ctx: ChartContext): string[] {
  const ramp = sequential(ctx.theme, textOf(config, "colorScheme"));
  const strong = ramp[4] ?? "#1971c2";
  const weak = ramp[2] ?? "#8fbfe8";
  return Array.from({ length: count }, (_, at) => mix(strong, weak, count > 1 ? at / (count - 1) : 0));
}
