/** Many parts by size, in named groups. */
import { CannotDraw, type ChartConfig, type ChartContext, type Drawing, type Table } from "../contract";
import { toLabel } from "../data/coerce";
import { mustHaveRows, namedColumn, textOf } from "../data/fields";
import { nameValues, type Part, topWithOther } from "../data/parts";
import { formatFull, formatPercent, formatShort, styleOf } from "../format";
import { inkOn, MAX_COLORS, mix, sequential, shadeAt } from "../palette";
import { colorsFor, frame, OTHER, sizeOf, textWidth, tokensOf, tooltipFrame } from "../theme";
import { card, tipParams } from "../tooltip";

const MAX_LEAVES = 150;

interface Leaf extends Part {
  readonly color: string;
}

interface Branch {
  readonly name: string;
  readonly color: string;
  readonly total: number;
  readonly leaves: readonly Leaf[];
}

export function draw(table: Table, config: ChartConfig, ctx: ChartContext): Drawing {
  mustHaveRows(table);
  const category = namedColumn(table, config, "categoryField");
  const groups = category === undefined ? [{ name: "", table }] : groupRows(table, category);
  const read = groups.map((group) => ({ name: group.name, ...nameValuesOf(group, table, config) }));
  const total = read.reduce((sum, group) => sum + group.parts.reduce((all, part) => all + part.value, 0), 0);
  if (total <= 0)
    throw new CannotDraw(
      "no_values",
      "A treemap needs values above zero; here there are none. Try a bar chart.",
      "bar",
    );
  const limit = Math.max(4, Math.floor(MAX_LEAVES / read.length));
  const branches =
    category === undefined
      ? [flat(read[0]?.parts ?? [], total, config, ctx)]
      : grouped(read, limit, config, ctx);
  const style = styleOf(config);
  const tokens = tokensOf(ctx);
  const { font } = sizeOf(ctx);
  const leafNode = (leaf: Leaf) => ({
    name: leaf.name,
    value: leaf.value,
    row: leaf.row,
    itemStyle: { color: leaf.color },
    label: { color: inkOn(leaf.color) },
  });
  const isGrouped = category !== undefined;
  const widths = branches.flatMap((branch) =>
    branch.leaves.map((leaf) => textWidth(formatShort(leaf.value, style, ctx.locale), font)),
  );
  const figures = Math.max(24, ...widths) + 12; // a number cut in the middle would be another number
  return {
    option: {
      ...frame(ctx),
      tooltip: {
        ...tooltipFrame(ctx),
        formatter: (given: unknown) => {
          const [param] = tipParams(given);
          const size = typeof param?.value === "number" ? param.value : 0;
          if (!param?.name) return "";
          const lines = [
            { name: "Value", value: formatFull(size, style, ctx.locale) },
            { name: "Share", value: formatPercent(size / total, ctx.locale) },
          ];
          return card(param.name, lines, ctx);
        },
      },
      series: [
        {
          type: "treemap",
          top: 0,
          left: 0,
          right: 0,
          bottom: 0,
          roam: false,
          nodeClick: false,
          breadcrumb: { show: false },
          visibleMin: 12,
          itemStyle: { borderColor: tokens.ground, borderWidth: 0, gapWidth: 1 },
          label: {
            fontSize: font,
            lineHeight: font + 4,
            padding: [4, 5],
            overflow: "truncate",
            ellipsis: "…",
            position: "insideTopLeft",
            formatter: ({ name, value }) =>
              typeof value === "number" ? `${name}\n${formatShort(value, style, ctx.locale)}` : name,
          },
          labelLayout: ({ rect, labelRect }) =>
            rect.width < figures || rect.height < labelRect.height ? { fontSize: 0.01 } : {},
          upperLabel: {
            show: isGrouped,
            height: font + 9,
            color: tokens.ink,
            fontSize: font,
            fontWeight: 600,
            overflow: "truncate",
            padding: [0, 2],
            formatter: ({ name, value }) =>
              typeof value === "number" ? `${name}  ${formatShort(value, style, ctx.locale)}` : name,
          },
          levels: [
            {
              itemStyle: { borderWidth: 0, gapWidth: isGrouped ? 4 : 1, borderColor: tokens.ground },
              upperLabel: { show: false },
            },
            { itemStyle: { borderWidth: 0, gapWidth: 1, borderColor: tokens.ground } },
          ],
          emphasis: {
            itemStyle: { borderColor: tokens.ink },
            upperLabel: { show: isGrouped, color: tokens.ink },
          },
          data: isGrouped
            ? branches.map((branch) => ({
                name: branch.name,
                value: branch.total,
                itemStyle: { color: tokens.ground, borderColor: tokens.ground },
                children: branch.leaves.map(leafNode),
              }))
            : (branches[0]?.leaves ?? []).map(leafNode),
        },
      ],
    },
    summary: describe(branches, isGrouped, total, ctx),
    notes: [...new Set(read.flatMap((group) => group.notes))],
    rowAt: ({ data }) => {
      const row = typeof data === "object" && data !== null && "row" in data ? data.row : undefined;
      return typeof row === "number" ? row : undefined;
    },
  };
}

interface RowGroup {
  readonly name: string;
  readonly table: Table;
  /** Index in the whole table of each row; identity when absent. */
  readonly index?: readonly number[];
}

function groupRows(table: Table, category: string): RowGroup[] {
  const byName = new Map<string, number[]>();
  table.rows.forEach((row, at) => {
    const name = toLabel(row[category]);
    const list = byName.get(name);
    if (list) list.push(at);
    else byName.set(name, [at]);
  });
  return [...byName].map(([name, index]) => ({
    name,
    index,
    table: {
      ...table,
      columns: table.columns.filter((column) => column !== category),
      rows: index.map((at) => table.rows[at] ?? {}),
    },
  }));
}

function nameValuesOf(group: RowGroup, whole: Table, config: ChartConfig) {
  try {
    const { parts, notes } = nameValues(group.table, config);
    const back = (part: Part) => ({
      ...part,
      row: part.row === undefined ? undefined : (group.index?.[part.row] ?? part.row),
    });
    return { parts: parts.filter((part) => part.value > 0).map(back), notes };
  } catch (error) {
    // A group without one number is left out; a missing column, or no numbers at all, is for the reader to know.
    if (
      error instanceof CannotDraw &&
      error.code === "no_values" &&
      group.table.rows.length < whole.rows.length
    )
      return { parts: [], notes: [`“${group.name}” has no values.`] };
    throw error;
  }
}

/** No groups: one hue, the larger the stronger. */
function flat(parts: readonly Part[], total: number, config: ChartConfig, ctx: ChartContext): Branch {
  const ramp = sequential(ctx.theme, textOf(config, "colorScheme"));
  const kept = topWithOther(parts, MAX_LEAVES);
  const most = kept[0]?.value ?? 1;
  const colorOf = (part: Part) =>
    part.count > 1 ? tokensOf(ctx).muted : shadeAt(ramp, 0.3 + 0.5 * Math.sqrt(part.value / most));
  return { name: "", color: "", total, leaves: kept.map((part) => ({ ...part, color: colorOf(part) })) };
}

/** A hue per group, largest first; leaves of a group fade with their rank. Past eight groups the rest are "Other". */
function grouped(
  read: readonly { name: string; parts: readonly Part[] }[],
  limit: number,
  config: ChartConfig,
  ctx: ChartContext,
): Branch[] {
  const sized = read
    .map(({ name, parts }) => ({ name, parts, total: parts.reduce((sum, part) => sum + part.value, 0) }))
    .filter((group) => group.total > 0)
    .sort((a, b) => b.total - a.total);
  const kept = sized.length > MAX_COLORS ? sized.slice(0, MAX_COLORS - 1) : sized;
  const rest = sized.slice(kept.length);
  const others = rest.map((group) => ({ name: group.name, value: group.total, count: group.parts.length }));
  const all = [
    ...kept,
    ...(rest.length > 0
      ? [{ name: OTHER, parts: others, total: others.reduce((sum, one) => sum + one.value, 0) }]
      : []),
  ];
  const colors = colorsFor(
    all.map((group) => group.name),
    config,
    ctx,
  );
  const ground = tokensOf(ctx).ground;
  return all.map((group, at) => {
    const color = colors[at] ?? tokensOf(ctx).muted;
    const leaves = topWithOther(group.parts, limit);
    const fadeOf = (rank: number) =>
      mix(color, ground, leaves.length > 1 ? (0.42 * rank) / (leaves.length - 1) : 0);
    return {
      name: group.name,
      color,
      total: group.total,
      leaves: leaves.map((leaf, rank) => ({ ...leaf, color: fadeOf(rank) })),
    };
  });
}

function describe(branches: readonly Branch[], isGrouped: boolean, total: number, ctx: ChartContext): string {
  const parts = isGrouped
    ? branches.map(({ name, total: value }) => ({ name, value }))
    : (branches[0]?.leaves ?? []);
  const first = parts
    .slice(0, 4)
    .map(({ name, value }) => `${name} ${formatPercent(value / total, ctx.locale)}`);
  return `Treemap of ${parts.length} ${isGrouped ? "groups" : "parts"}: ${first.join(", ")}.`;
}
