/** Parts within parts, as rings from the inside out. */
import { CannotDraw, type ChartConfig, type ChartContext, type Drawing, type Table } from "../contract";
import { numbersOf, toLabel } from "../data/coerce";
import { firstNumber, isNumeric, mustHaveNumbers, namedColumn, namedColumns, needed } from "../data/fields";
import { formatFull, formatPercent, formatShort, styleOf } from "../format";
import { inkOn, MAX_COLORS, mix } from "../palette";
import { clip, colorsFor, frame, OTHER, sizeOf, textWidth, tokensOf, tooltipFrame } from "../theme";
import { card, tipParams } from "../tooltip";

interface Node {
  readonly name: string;
  value: number;
  row?: number;
  readonly children: Map<string, Node>;
}

/** Children of one parent past this many become "Other". */
const MAX_CHILDREN = 24;

export function draw(table: Table, config: ChartConfig, ctx: ChartContext): Drawing {
  const chosen = namedColumn(table, config, "valueField");
  const named = namedColumns(table, config, "pathFields");
  const value = needed(chosen ?? firstNumber(table, named), "the value");
  const path =
    named.length > 0
      ? named
      : table.columns.filter((column) => column !== value && !isNumeric(table, column)).slice(0, 3);
  needed(path[0], "the rings");
  mustHaveNumbers(table, [value]);
  const { root, below } = grow(table, path, value);
  if (root.value <= 0)
    throw new CannotDraw(
      "no_values",
      "A sunburst needs values above zero; here there are none. Try a bar chart.",
      "bar",
    );
  const top = gather([...root.children.values()], MAX_COLORS);
  const colors = colorsFor(
    top.map((node) => node.name),
    config,
    ctx,
  );
  const style = styleOf(config);
  const tokens = tokensOf(ctx);
  const { font } = sizeOf(ctx);
  const radius = Math.max(30, Math.min(ctx.width, ctx.height) / 2 - 4);
  const hole = path.length > 1 ? radius * 0.18 : radius * 0.4;
  const rings = ringsOf(top, path.length, radius - hole, font);
  const inner = rings.map((_, level) => hole + rings.slice(0, level).reduce((sum, ring) => sum + ring, 0));
  const share = (size: number) => formatPercent(size / root.value, ctx.locale);
  return {
    option: {
      ...frame(ctx),
      tooltip: {
        ...tooltipFrame(ctx),
        formatter: (given: unknown) => {
          const param = tipParams(given)[0] as
            | { name?: string; value?: unknown; treePathInfo?: { name: string }[] }
            | undefined;
          const size = typeof param?.value === "number" ? param.value : 0;
          if (!param?.name) return "";
          const names = param.treePathInfo?.map((node) => node.name).filter((name) => name !== "") ?? [
            param.name,
          ];
          const lines = [
            { name: "Value", value: formatFull(size, style, ctx.locale) },
            { name: "Share", value: share(size) },
          ];
          return card(names.join(" › "), lines, ctx);
        },
      },
      series: [
        {
          type: "sunburst",
          radius: [hole, radius],
          center: ["50%", "50%"],
          nodeClick: false,
          sort: undefined,
          data: top.map((node, at) => branch(node, colors[at] ?? tokens.muted, 0, tokens.ground)),
          itemStyle: { borderColor: tokens.ground, borderWidth: 1, borderRadius: 2 },
          label: {
            rotate: "radial",
            minAngle: Math.min(30, ((font + 4) / (radius * 0.7)) * 57),
            fontSize: font,
            overflow: "truncate",
            formatter: ({ name, treePathInfo }) =>
              clip(name, (rings[(treePathInfo?.length ?? 2) - 2] ?? 40) - 5, font).replace(/^.?…$/, " "),
          },
          levels: [{}, ...rings.map((ring, level) => ({ r0: inner[level], r: (inner[level] ?? 0) + ring }))],
          emphasis: { focus: "ancestor" },
          blur: { itemStyle: { opacity: 0.35 } },
        },
      ],
    },
    summary: `Sunburst of ${path.join(", ")}, total ${formatShort(root.value, style, ctx.locale)}. ${top
      .slice(0, 4)
      .map((node) => `${node.name} ${share(node.value)}`)
      .join(", ")}.`,
    notes: below > 0 ? [`${below} rows below zero left out.`] : [],
    rowAt: ({ data }) => {
      const row = typeof data === "object" && data !== null && "row" in data ? data.row : undefined;
      return typeof row === "number" ? row : undefined;
    },
  };
}

/** The tree of the paths; a null ends its path, so that its value stays with the parent. */
function grow(table: Table, path: readonly string[], value: string): { root: Node; below: number } {
  const root: Node = { name: "", value: 0, children: new Map() };
  const numbers = numbersOf(table, value);
  let below = 0;
  table.rows.forEach((cells, row) => {
    const size = numbers[row] ?? 0;
    if (size < 0) below += 1;
    if (size <= 0) return;
    let node = root;
    root.value += size;
    for (const [level, column] of path.entries()) {
      const cell = cells[column];
      if (level > 0 && (cell === null || cell === undefined)) break;
      const name = toLabel(cell);
      let child = node.children.get(name);
      if (!child) {
        child = { name, value: 0, row, children: new Map() };
        node.children.set(name, child);
      }
      child.value += size;
      node = child;
    }
  });
  return { root, below };
}

/** The width of each ring, by its longest name, so that all fill `room`. */
function ringsOf(top: readonly Node[], levels: number, room: number, font: number): number[] {
  const wanted: number[] = [];
  let level: readonly Node[] = top;
  for (let at = 0; at < levels; at++) {
    const widest = level.slice(0, 200).reduce((most, node) => Math.max(most, textWidth(node.name, font)), 0);
    wanted.push(Math.min(Math.max(widest + 12, 34), 96));
    level = level.flatMap((node) => [...node.children.values()]);
  }
  const sum = wanted.reduce((total, ring) => total + ring, 0);
  return wanted.map((ring) => (ring / sum) * room);
}

/** The largest of `nodes`, and one "Other" without children for the rest. */
function gather(nodes: readonly Node[], most: number): Node[] {
  const sorted = [...nodes].sort((a, b) => b.value - a.value);
  if (sorted.length <= most) return sorted;
  const value = sorted.slice(most - 1).reduce((sum, node) => sum + node.value, 0);
  return [...sorted.slice(0, most - 1), { name: OTHER, value, children: new Map() }];
}

interface Branch {
  readonly name: string;
  readonly value: number;
  readonly row?: number;
  readonly itemStyle: { readonly color: string };
  readonly label: { readonly color: string };
  readonly children: Branch[];
}

/** A ring further out is paler. */
function branch(node: Node, hue: string, level: number, ground: string): Branch {
  const color = mix(hue, ground, Math.min(0.6, level * 0.22));
  const children = gather([...node.children.values()], MAX_CHILDREN);
  return {
    name: node.name,
    value: node.value,
    row: node.row,
    itemStyle: { color },
    label: { color: inkOn(color) },
    children: children.map((child) => branch(child, hue, level + 1, ground)),
  };
}
