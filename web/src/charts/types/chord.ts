/** Flows among peers, loops and both directions included. */
import type { ChartConfig, ChartContext, Drawing, Table } from "../contract";
import { flowsOf, type Link, nodesOf } from "../data/flows";
import { formatFull, formatShort, styleOf } from "../format";
import { MAX_COLORS } from "../palette";
import { clip, colorsFor, frame, OTHER, sizeOf, textWidth, tokensOf, tooltipFrame } from "../theme";
import { tip } from "./sankey";

/** Names past this many share one arc. */
const MAX_NODES = 24;

export function draw(table: Table, config: ChartConfig, ctx: ChartContext): Drawing {
  const flows = flowsOf(table, config);
  const links = gather(flows.links);
  const nodes = nodesOf(links).sort((a, b) => Number(a.name === OTHER) - Number(b.name === OTHER));
  const style = styleOf(config);
  const tokens = tokensOf(ctx);
  const { font, narrow } = sizeOf(ctx);
  const hued = nodes.slice(0, MAX_COLORS).map((node) => node.name);
  const colors = colorsFor(hued, config, ctx);
  const colorOf = (name: string) => colors[hued.indexOf(name)] ?? tokens.muted;
  const widest = Math.min(ctx.width * 0.2, Math.max(...nodes.map((node) => textWidth(node.name, font))));
  const isLabelled = !narrow || ctx.width > 200;
  const radius = Math.max(
    30,
    Math.min(ctx.height / 2 - (isLabelled ? 22 : 4), ctx.width / 2 - (isLabelled ? widest + 14 : 4)),
  );
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
          type: "chord",
          center: ["50%", "50%"],
          radius: [radius - 12, radius],
          padAngle: nodes.length > 12 ? 1.5 : 3,
          minAngle: 1,
          data: nodes.map((node) => ({ name: node.name, itemStyle: { color: colorOf(node.name) } })),
          links: links.map(({ source, target, value }) => ({ source, target, value })),
          itemStyle: { borderRadius: 2, borderWidth: 0 },
          lineStyle: { color: "source", opacity: ctx.theme === "dark" ? 0.4 : 0.34 },
          label: {
            show: isLabelled,
            position: "outside",
            distance: 6,
            color: tokens.ink,
            fontSize: font,
            formatter: ({ name }) => clip(name, widest, font),
          },
          labelLayout: { hideOverlap: true },
          emphasis: { focus: "adjacency", lineStyle: { opacity: 0.75 } },
          blur: { itemStyle: { opacity: 0.2 }, lineStyle: { opacity: 0.05 } },
        },
      ],
    },
    summary: `Chord diagram of ${links.length} flows among ${nodes.length} names. Largest: ${[...links]
      .sort((a, b) => b.value - a.value)
      .slice(0, 3)
      .map((link) => `${link.source} to ${link.target} ${formatShort(link.value, style, ctx.locale)}`)
      .join(", ")}.`,
    notes: flows.notes,
    rowAt: ({ dataType, dataIndex = -1 }) => {
      const row = dataType === "edge" ? links[dataIndex]?.row : undefined;
      return row === undefined || row < 0 ? undefined : row;
    },
  };
}

/** Keeps the largest names; the flows of the others go to and from "Other". Row -1 stands for several rows. */
function gather(links: readonly Link[]): readonly Link[] {
  const nodes = nodesOf(links);
  if (nodes.length <= MAX_NODES) return links;
  const kept = new Set(nodes.slice(0, MAX_NODES - 1).map((node) => node.name));
  const name = (given: string) => (kept.has(given) ? given : OTHER);
  const byEnds = new Map<string, Link>();
  for (const link of links) {
    const ends = { source: name(link.source), target: name(link.target) };
    const key = JSON.stringify([ends.source, ends.target]);
    const there = byEnds.get(key);
    const isOther = ends.source === OTHER || ends.target === OTHER;
    byEnds.set(key, { ...ends, value: (there?.value ?? 0) + link.value, row: isOther ? -1 : link.row });
  }
  return [...byEnds.values()];
}
