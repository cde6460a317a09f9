/** Shares of a whole: the largest seven and the rest. */
import { CannotDraw, type ChartConfig, type ChartContext, type Drawing, type Table } from "../contract";
import { flagOf } from "../data/fields";
import { nameValues, type Part, topWithOther } from "../data/parts";
import { formatFull, formatPercent, formatShort, styleOf } from "../format";
import { legendFor } from "../layout";
import { inkOn } from "../palette";
import { clip, colorsFor, frame, sizeOf, textWidth, tokensOf, tooltipFrame } from "../theme";
import { card, tipParams } from "../tooltip";

export function draw(table: Table, config: ChartConfig, ctx: ChartContext): Drawing {
  const { parts, notes } = slices(table, config);
  const total = parts.reduce((sum, part) => sum + part.value, 0);
  const style = styleOf(config);
  const tokens = tokensOf(ctx);
  const colors = colorsFor(
    parts.map((part) => part.name),
    config,
    ctx,
  );
  const isDonut = flagOf(config, "donut") === true;
  const plan = arrange(parts, config, ctx);
  const share = (value: number) => formatPercent(value / total, ctx.locale);
  return {
    option: {
      ...frame(ctx),
      color: colors,
      legend: plan.legend,
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
      series: [
        {
          type: "pie",
          center: [...plan.center],
          radius: [isDonut ? plan.radius * 0.62 : 0, plan.radius],
          startAngle: 90,
          data: parts.map(({ name, value }) => ({ name, value })),
          itemStyle: { borderColor: tokens.ground, borderWidth: parts.length > 1 ? 1.5 : 0, borderRadius: 2 },
          label: labels(parts, share, plan, { isDonut, color: colors[0] ?? tokens.ground }, ctx),
          labelLine: { length: 12, length2: 8, lineStyle: { color: tokens.line } },
          minShowLabelAngle: 5,
          emphasis: { scaleSize: 4, label: { fontWeight: 600 } },
        },
        ...(isDonut && plan.radius > 40 ? [middle(formatShort(total, style, ctx.locale), plan, ctx)] : []),
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

function slices(table: Table, config: ChartConfig): { parts: readonly Part[]; notes: readonly string[] } {
  const read = nameValues(table, config);
  const positive = read.parts.filter((part) => part.value > 0);
  if (positive.length === 0)
    throw new CannotDraw(
      "no_values",
      "A pie needs values above zero; here there are none. Try a bar chart.",
      "bar",
    );
  const below = read.parts.filter((part) => part.value < 0).length;
  const notes = below > 0 ? [...read.notes, `${below} values below zero have no slice.`] : read.notes;
  return { parts: topWithOther(positive), notes };
}

interface Plan {
  readonly legend: Record<string, unknown>;
  readonly center: readonly [number, number];
  readonly radius: number;
  /** What stands beside the slices: names with shares, shares alone, or nothing. */
  readonly words: "names" | "shares" | "none";
  /** Pixels for a name. */
  readonly room: number;
}

/** Names around the pie where there is room; else in a list beside it; else in a legend above, when asked for. */
function arrange(parts: readonly Part[], config: ChartConfig, ctx: ChartContext): Plan {
  const { font, narrow } = sizeOf(ctx);
  const names = parts.map((part) => part.name);
  const widest = Math.max(...names.map((name) => textWidth(name, font)));
  const wantsLegend = flagOf(config, "showLegend");
  const mayLabel = flagOf(config, "showLabels") ?? true;
  if (wantsLegend !== true && mayLabel && !narrow && ctx.height >= 170) {
    const room = Math.min(Math.max(48, widest + 2), ctx.width * 0.24);
    const radius = Math.max(20, Math.min(ctx.height / 2 - 26, ctx.width / 2 - room - 22));
    return { legend: { show: false }, center: [ctx.width / 2, ctx.height / 2], radius, words: "names", room };
  }
  if (wantsLegend !== true && ctx.width >= 190 && ctx.height >= 90 && wantsLegend !== false)
    return beside(names, widest, ctx);
  const legend = legendFor(
    names,
    { ...config, showLegend: wantsLegend ?? false },
    ctx,
    Math.floor(ctx.height / 80),
  );
  const words = mayLabel && !narrow && ctx.height - legend.height >= 150 ? "shares" : "none";
  const margin = words === "shares" ? 24 : 6;
  const height = ctx.height - legend.height;
  const radius = Math.max(
    16,
    Math.min(height / 2 - margin, ctx.width / 2 - margin - (words === "none" ? 0 : 30)),
  );
  return {
    legend: legend.legend,
    center: [ctx.width / 2, legend.height + height / 2],
    radius,
    words,
    room: 0,
  };
}

function beside(names: readonly string[], widest: number, ctx: ChartContext): Plan {
  const { font } = sizeOf(ctx);
  const tokens = tokensOf(ctx);
  const room = Math.min(widest + 2, ctx.width * 0.42);
  const rows = Math.max(1, Math.floor((ctx.height - 4) / (font + 6)));
  const legend = {
    show: true,
    orient: "vertical",
    right: 0,
    top: "middle",
    padding: 0,
    itemGap: 6,
    itemWidth: 8,
    itemHeight: 8,
    icon: "roundRect",
    selectedMode: false,
    data: names.slice(0, rows),
    formatter: (name: string) => clip(name, room, font),
    textStyle: { color: tokens.inkSoft, fontSize: font },
  };
  const width = ctx.width - room - 22;
  const radius = Math.max(16, Math.min(ctx.height / 2 - 4, width / 2 - 2));
  return { legend, center: [width / 2, ctx.height / 2], radius, words: "none", room };
}

function labels(
  parts: readonly Part[],
  share: (value: number) => string,
  { words, room }: Plan,
  fill: { readonly isDonut: boolean; readonly color: string },
  ctx: ChartContext,
) {
  const { font } = sizeOf(ctx);
  const tokens = tokensOf(ctx);
  const isInside = parts.length === 1 && !fill.isDonut;
  const ink = isInside ? inkOn(fill.color) : tokens.ink;
  const soft = isInside ? ink : tokens.inkFaint;
  return {
    show: words !== "none",
    ...(isInside ? { position: "inside" as const } : {}),
    color: ink,
    fontSize: font,
    lineHeight: font + 4,
    formatter: ({ name, value }: { name: string; value?: unknown }) => {
      const percent = share(typeof value === "number" ? value : 0);
      return words === "shares" ? percent : `${clip(name, room, font)}\n{soft|${percent}}`;
    },
    rich: { soft: { color: soft, fontSize: font, lineHeight: font + 4 } },
  };
}

/** The total in the hole of a donut: the label of a pie that is not seen, which needs no part of ECharts of its own. */
function middle(text: string, { center, radius }: Plan, ctx: ChartContext) {
  const tokens = tokensOf(ctx);
  const size = Math.min(26, Math.round(radius * 0.28));
  return {
    type: "pie" as const,
    center: [...center],
    radius: [0, 0],
    silent: true,
    data: [{ name: "", value: 1 }],
    labelLine: { show: false },
    label: {
      position: "center" as const,
      formatter: `{value|${text}}\n{word|Total}`,
      rich: {
        value: { color: tokens.ink, fontSize: size, fontWeight: 600 as const, lineHeight: size * 1.2 },
        word: { color: tokens.inkFaint, fontSize: 11, lineHeight: 15 },
      },
    },
  };
}
