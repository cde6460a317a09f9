/** Points that an explanation is about: rings on lines and areas, outlines on bars and dots. Pure. */
import type { EChartsOption } from "echarts";
import type { ChartConfig, ChartContext, Draw, Drawing, Table } from "../contract";
import { namedColumn } from "../data/fields";
import { seriesOf } from "../picking";
import { tokensOf } from "../theme";
import { type TipParam, tipParams } from "../tooltip";

export interface ChartMark {
  /** The values that the rows hold; series is null where there is one only. */
  readonly x: unknown;
  readonly series: unknown;
  readonly kind: string;
}

const RINGS = "explain-marks";
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
  const colors = rowColors(wanted, table, config, ctx);
  if (colors.size === 0) return drawing;
  const rings: unknown[][] = [];
  const series = seriesOf(drawing.option).map((one, seriesIndex) => {
    const isLine = one.type === "line";
    if (!isLine && one.type !== "bar" && one.type !== "scatter") return one;
    if (one.silent || (isLine && one.stack !== undefined)) return one;
    const data = one.data?.map((datum, dataIndex) => {
      const row = drawing.rowAt({ seriesIndex, dataIndex });
      const color = row === undefined ? undefined : colors.get(row);
      if (color === undefined) return datum;
      const value = plainOf(datum);
      if (isLine) rings.push([...(Array.isArray(value) ? value : [dataIndex, value]), color]);
      return isLine ? datum : outlined(datum, value, color);
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
  const x = namedColumn(table, config, "xField") ?? namedColumn(table, config, "nameField");
  const split = namedColumn(table, config, "seriesField");
  const found = new Map<number, string>();
  if (x === undefined) return found;
  const tokens = tokensOf(ctx);
  const hasMany = split !== undefined && new Set(table.rows.map((row) => row[split])).size > 1;
  for (const mark of marks) {
    // Of the whole at one moment; where there are many lines none of them is it.
    if (hasMany && mark.series === null) continue;
    const color = UNUSUAL.has(mark.kind) ? (ctx.theme === "dark" ? "#ffb454" : "#c2410c") : tokens.ink;
    for (const [at, row] of table.rows.entries()) {
      const isHere = String(row[x]) === String(mark.x);
      const isOf =
        mark.series === null || (split !== undefined && String(row[split]) === String(mark.series));
      if (isHere && isOf && !found.has(at)) found.set(at, color);
    }
  }
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
  const isPoint = (param: TipParam) => !("seriesId" in param) || param.seriesId !== RINGS;
  const formatter = (given: unknown, ...rest: unknown[]) =>
    own(Array.isArray(given) ? tipParams(given).filter(isPoint) : given, ...rest);
  return { ...tooltip, formatter };
}
