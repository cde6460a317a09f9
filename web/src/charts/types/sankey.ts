/** Flows from stage to stage; never in a circle. */
import { CannotDraw, type ChartConfig, type ChartContext, type Drawing, type Table } from "../contract";
import { findLoop, flowsOf, type Link, nodesOf } from "../data/flows";
import { formatFull, formatPercent, formatShort, styleOf } from "../format";
import { MAX_COLORS } from "../palette";
import { clip, colorsFor, frame, sizeOf, textWidth, tokensOf, tooltipFrame } from "../theme";
import { card, tipParams } from "../tooltip";

const MAX_LINKS = 80;

export function draw(table: Table, config: ChartConfig, ctx: ChartContext): Drawing {
  const flows = flowsOf(table, config);
  const loop = findLoop(flows.links);
  if (loop) {
    const way = loop.length > 5 ? [...loop.slice(0, 4), "…"] : loop;
    throw new CannotDraw(
      "loop",
      `This data has a loop (${way.join(" → ")}), which a sankey cannot show. Try Chord.`,
      "chord",
    );
  }
  const links = [...flows.links].sort((a, b) => b.value - a.value).slice(0, MAX_LINKS);
  const notes = [...flows.notes];
  if (links.length < flows.links.length)
    notes.push(`The ${MAX_LINKS} largest of ${flows.links.length} flows are drawn.`);
  const nodes = nodesOf(links);
  const style = styleOf(config);
  const tokens = tokensOf(ctx);
  const { font, narrow } = sizeOf(ctx);
  const colorOf = nodeColors(links, config, ctx);
  const ends = nodes.filter((node) => node.outflow === 0);
  const widest = Math.max(0, ...ends.map((node) => textWidth(node.name, font)));
  const room = narrow ? 0 : Math.min(ctx.width * 0.3, widest) + 10;
  const layers = Math.max(ends.length, nodes.length - ends.length);
  return {
    option: {
      ...frame(ctx),
      tooltip: {
        ...tooltipFrame(ctx),
        trigger: "item",
        formatter: (given: unknown) =>
          tip(given, links, nodes, (value) => formatFull(value, style, ctx.locale), ctx),
      },
      series: [
        {
          type: "sankey",
          top: 6,
          bottom: 6,
          left: 2,
          right: room,
          nodeWidth: 12,
          nodeGap: Math.max(1, Math.min(10, (ctx.height * 0.4) / Math.max(layers, 1))),
          layoutIterations: 48,
          draggable: false,
          emphasis: { focus: "adjacency", lineStyle: { opacity: 0.6 } },
          blur: { itemStyle: { opacity: 0.25 }, lineStyle: { opacity: 0.06 }, label: { opacity: 0.3 } },
          lineStyle: { color: "source", opacity: ctx.theme === "dark" ? 0.34 : 0.28, curveness: 0.5 },
          itemStyle: { borderWidth: 0, borderRadius: 2 },
          label: { color: tokens.ink, fontSize: font, distance: 5, textBorderWidth: 0 },
          labelLayout: { hideOverlap: true },
          data: nodes.map((node) => ({
            name: node.name,
            itemStyle: { color: colorOf(node.name) },
            label: {
              position: narrow && node.outflow === 0 ? ("left" as const) : ("right" as const),
              formatter: clip(
                node.name,
                node.outflow === 0 && !narrow ? room - 10 : Math.max(60, ctx.width * 0.2),
                font,
              ),
            },
          })),
          links: links.map(({ source, target, value }) => ({ source, target, value })),
        },
      ],
    },
    summary: `Sankey of ${links.length} flows between ${nodes.length} names. Largest: ${links
      .slice(0, 3)
      .map((link) => `${link.source} to ${link.target} ${formatShort(link.value, style, ctx.locale)}`)
      .join(", ")}.`,
    notes,
    rowAt: ({ dataType, dataIndex = -1 }) => (dataType === "edge" ? links[dataIndex]?.row : undefined),
  };
}

/** The largest starts have a hue; what only receives is grey, so that colour says where a flow comes from. */
function nodeColors(
  links: readonly Link[],
  config: ChartConfig,
  ctx: ChartContext,
): (name: string) => string {
  const starts = nodesOf(links)
    .filter((node) => node.outflow > 0)
    .map((node) => node.name);
  const names = starts.slice(0, MAX_COLORS);
  const colors = colorsFor(names, config, ctx);
  const byName = new Map(names.map((name, at) => [name, colors[at]]));
  return (name) => byName.get(name) ?? tokensOf(ctx).muted;
}

export function tip(
  given: unknown,
  links: readonly Link[],
  nodes: readonly { name: string; inflow: number; outflow: number }[],
  show: (value: number) => string,
  ctx: ChartContext,
): string {
  const [param] = tipParams(given);
  if (param?.dataType === "edge") {
    const link = links[param.dataIndex ?? -1];
    if (!link) return "";
    const from = nodes.find((node) => node.name === link.source)?.outflow ?? 0;
    const lines = [
      { name: "Flow", value: show(link.value) },
      { name: `Of ${link.source}`, value: formatPercent(link.value / from, ctx.locale) },
    ];
    return card(`${link.source} → ${link.target}`, lines, ctx);
  }
  const node = nodes.find((one) => one.name === param?.name);
  if (!node) return "";
  const lines = [
    ...(node.inflow > 0 ? [{ name: "In", value: show(node.inflow) }] : []),
    ...(node.outflow > 0 ? [{ name: "Out", value: show(node.outflow) }] : []),
  ];
  return card(node.name, lines, ctx);
}
