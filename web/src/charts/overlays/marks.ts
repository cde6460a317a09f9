/** Points that an explanation is about: rings on lines and areas, outlines on bars and dots. Pure. */
import type { EChartsOption } from "echarts";
import type { ChartConfig, ChartContext, Draw, Drawing, Row, Table } from "../contract";
import { seriesOf } from "../picking";

export interface ChartMark {
  /** The values that the rows hold; series is null where there is one only. */
  readonly x: unknown;
  readonly series: unknown;
  readonly kind: string;
}

const RINGS = "explain-marks";
/** Of what is unusual, and of what is only spoken of: warm and quiet on the ground of each theme. */
const COLORS = { light: ["#c2410c", "#44505c"], dark: ["#ffb454", "#b8c1ca"] } as const;
const UNUSUAL = new Set(["high", "low"]);
/** Ranks and seasons stand in the sentences; a ring for each would mark everything. */
const UNSEEN = new Set(["lead", "peak"]);

/** The drawing with the marked points on it; the same drawing where none of them is drawn. */
export function withMarks(
  draw: Draw,
  marks: readonly ChartMark[],
  table: Table,
  config: ChartConfig,
  ctx: ChartContext,
): Drawing {
  const drawing = draw(table, config, ctx);
  const wanted = marks.filter(({ kind }) => !UNSEEN.has(kind));
  const lines = seriesOf(drawing.option).filter((one) => one.type === "line" && !one.silent);
  const isMany =
    lines.length > 1 &&
    new Set(lines.map((_, seriesIndex) => drawing.rowAt({ seriesIndex, dataIndex: 0 }))).size > 1;
  // Of the whole at one moment; where there is a line for each member none of them is it.
  const fitting = isMany ? wanted.filter((mark) => mark.series !== null) : wanted;
  const colors = rowColors(fitting, table, config, ctx);
  if (colors.size === 0) return drawing;
  const rings: unknown[][] = [];
  const ringedRows = new Set<number>();
  const series = seriesOf(drawing.option).map((one, seriesIndex) => {
    const isLine = one.type === "line";
    if (!isLine && one.type !== "bar" && one.type !== "scatter") return one;
    if (one.silent || (isLine && one.stack !== undefined)) return one;
    const data = one.data?.map((datum, dataIndex) => {
      const row = drawing.rowAt({ seriesIndex, dataIndex });
      const color = row === undefined ? undefined : colors.get(row);
      if (color === undefined) return datum;
      const value = plainOf(datum);
      if (!isLine) return outlined(datum, value, color);
      // Of several columns drawn as lines the first is the one that is spoken of.
      if (row !== undefined && !ringedRows.has(row)) {
        ringedRows.add(row);
        rings.push([...(Array.isArray(value) ? value : [dataIndex, value]), color]);
      }
      return datum;
    });
    return isLine ? one : { ...one, data };
  });
  const tooltip = drawing.option.tooltip;
  return {
    ...drawing,
    option: {
      ...drawing.option,
      tooltip: (Array.isArray(tooltip) ? tooltip : untold(tooltip)) as EChartsOption["tooltip"],
      series: (rings.length > 0 ? [...series, ringed(rings)] : series) as EChartsOption["series"],
    },
  };
}

/** The colour of each marked row: strong for what is unusual, quiet for the rest. */
function rowColors(
  marks: readonly ChartMark[],
  table: Table,
  config: ChartConfig,
  ctx: ChartContext,
): Map<number, string> {
  const plotted = new Set([config.yField, config.valueField].flat());
  const names = table.columns.filter((column) => !plotted.has(column));
  const holds = (row: Row, wanted: unknown) => names.some((name) => String(row[name]) === String(wanted));
  const [unusual, other] = COLORS[ctx.theme];
  const found = new Map<number, string>();
  for (const { x, series, kind } of marks)
    for (const [at, row] of table.rows.entries())
      if (holds(row, x) && (series === null || holds(row, series)) && !found.has(at))
        found.set(at, UNUSUAL.has(kind) ? unusual : other);
  return found;
}

function plainOf(datum: unknown): unknown {
  return typeof datum === "object" && datum !== null && "value" in datum ? datum.value : datum;
}

function outlined(datum: unknown, value: unknown, color: string): object {
  const whole = typeof datum === "object" && datum !== null && !Array.isArray(datum) ? datum : { value };
  const before = "itemStyle" in whole && typeof whole.itemStyle === "object" ? whole.itemStyle : {};
  return { ...whole, itemStyle: { ...before, borderColor: color, borderWidth: 2.5 } };
}

/** A line without a line: hollow circles at the marked points. */
function ringed(rings: readonly unknown[][]): object {
  return {
    type: "line",
    id: RINGS,
    silent: true,
    animation: false,
    symbol: "circle",
    symbolSize: 15,
    showSymbol: true,
    showAllSymbol: true,
    lineStyle: { opacity: 0 },
    z: 5,
    data: rings
      .toSorted(([a], [b]) => Number(a) - Number(b))
      .map(([x, y, color]) => ({
        value: [x, y],
        itemStyle: { color: "transparent", borderColor: color, borderWidth: 2.5 },
      })),
  };
}

/** The tooltip without the rings, which say nothing that the points do not. */
function untold<T extends { formatter?: unknown } | undefined>(tooltip: T): T {
  const own = tooltip?.formatter;
  if (typeof own !== "function") return tooltip;
  const isPoint = (param: { seriesId?: unknown }) => param.seriesId !== RINGS;
  const formatter = (given: unknown, ...rest: unknown[]) =>
    own(Array.isArray(given) ? given.filter(isPoint) : given, ...rest);
  return { ...tooltip, formatter };
}
