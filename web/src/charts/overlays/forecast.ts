/** A forecast over a line, an area or bars: its places on the axis, dashed lines with their bands, a tooltip. Pure. */
import type { EChartsOption, LineSeriesOption } from "echarts";
import type { ChartConfig, ChartContext, Draw, Drawing, Table } from "../contract";
import { namedColumn, titleOf } from "../data/fields";
import { type Pivot, pivot, type Series } from "../data/pivot";
import { formatShort, styleOf } from "../format";
import { fade } from "../palette";
import { seriesOf } from "../picking";
import { tokensOf } from "../theme";
import { type TipParam, tipParams } from "../tooltip";

export interface ForecastSeries {
  /** As in the rows; null where the chart has one series. */
  readonly name: string | null;
  readonly x: readonly (string | number)[];
  readonly y: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

export interface ForecastOverlay {
  readonly series: readonly ForecastSeries[];
  /** What the continuation is called in tooltips: "Forecast". */
  readonly label: string;
}

const BAND = "forecast-band";
const LINE = "forecast-line";

/** The drawing of the chart with its forecast: `draw` sees the places to come as rows without a value. */
export function withForecast(
  draw: Draw,
  { series, label }: ForecastOverlay,
  table: Table,
  config: ChartConfig,
  ctx: ChartContext,
): Drawing {
  const before = pivot(table, config, ctx);
  const longer = extended(table, config, before.x, series);
  const drawing = draw(longer, config, ctx);
  const made = pivot(longer, config, ctx);
  const { xAxis } = drawing.option;
  const isCounted = !Array.isArray(xAxis) && xAxis?.type === "category";
  const style = styleOf(config);
  const drawn = series.flatMap((one, index) => {
    const parent = parentOf(made, one);
    if (!parent) return [];
    const color = colorOf(drawing, parent, ctx);
    const name = one.name === null || series.length === 1 ? label : `${parent.name}, ${label.toLowerCase()}`;
    return continued(one, parent, { made, isCounted, color, name, index, ctx });
  });
  const boundsOf = (one: ForecastSeries, at: number) => {
    const [low, high] = [one.lower[at], one.upper[at]];
    if (low === undefined || high === undefined || low === high) return "";
    return ` (${formatShort(low, style, ctx.locale)} – ${formatShort(high, style, ctx.locale)})`;
  };
  const ranges = series.map((one) => {
    const found = new Map<number, string>();
    for (const [at, place] of placesOf(one, made, ctx).entries()) found.set(place, boundsOf(one, at));
    return found;
  });
  const positions = new Map(made.positions.map((position, at) => [position, at]));
  const range = (at: number, { dataIndex, value }: TipParam) => {
    const place = isCounted ? dataIndex : positions.get(Array.isArray(value) ? value[0] : "");
    return place === undefined ? undefined : ranges[at]?.get(place);
  };
  const tooltip = drawing.option.tooltip;
  const own = Array.isArray(tooltip) ? undefined : tooltip?.formatter;
  const formatter =
    typeof own === "function"
      ? (given: unknown, ...rest: unknown[]) => {
          const shown = tipParams(given).flatMap((param) => told(param, range));
          return (own as (given: unknown, ...rest: unknown[]) => string)(shown, ...rest);
        }
      : own;
  return {
    ...drawing,
    option: {
      ...drawing.option,
      tooltip: { ...tooltip, formatter } as EChartsOption["tooltip"],
      series: [...seriesOf(drawing.option), ...drawn] as EChartsOption["series"],
    },
    summary: `${drawing.summary} ${label}: ${made.positions.length - before.positions.length}.`,
    rowAt: (point) => {
      const row = drawing.rowAt(point);
      return row !== undefined && row < table.rows.length ? row : undefined;
    },
  };
}

/** The table with a row for each place of the forecast that it does not have. */
function extended(table: Table, config: ChartConfig, x: string, series: readonly ForecastSeries[]): Table {
  const split = namedColumn(table, config, "seriesField");
  const known = new Set(table.rows.map((row) => String(row[x])));
  const [example] = table.rows;
  const places = [...new Set(series.flatMap((one) => one.x))].filter((place) => !known.has(String(place)));
  const added = places.map((place) => ({ ...(split && { [split]: example?.[split] }), [x]: place }));
  return { ...table, rows: [...table.rows, ...added] };
}

function parentOf(made: Pivot, { name }: ForecastSeries): Series | undefined {
  if (name === null) return made.series[0];
  return made.series.find((one) => one.name === name || one.name === titleOf(name));
}

function colorOf({ option }: Drawing, parent: Series, ctx: ChartContext): string {
  const all = seriesOf(option);
  const at = all.findIndex((one) => "name" in one && one.name === parent.name);
  const colors = Array.isArray(option.color) ? option.color : [];
  const color = colors[at % Math.max(colors.length, 1)];
  return typeof color === "string" && color.startsWith("#") ? color : tokensOf(ctx).muted;
}

interface Plan {
  readonly made: Pivot;
  readonly isCounted: boolean;
  readonly color: string;
  readonly name: string;
  readonly index: number;
  readonly ctx: ChartContext;
}

/** Three lines: the lower bound unseen, the band stacked on it, and the dashed expectation from the last real point. */
function continued(one: ForecastSeries, parent: Series, plan: Plan): LineSeriesOption[] {
  const { made, isCounted, color, name, index, ctx } = plan;
  const count = made.positions.length;
  const places = placesOf(one, made, ctx);
  const first = places[0] ?? count;
  const last = parent.values.findLastIndex((value, at) => at < first && typeof value === "number");
  const start = parent.values[last];
  const line = (value: (at: number) => number | undefined, from: number | undefined) => {
    const found: (number | undefined)[] = new Array<undefined>(count).fill(undefined);
    if (last >= 0) found[last] = from;
    for (const [at, place] of places.entries()) found[place] = value(at);
    if (isCounted) return found.map((each) => each ?? "-");
    return found.flatMap((each, at) => (each === undefined ? [] : [[Number(made.positions[at]), each]]));
  };
  const from = typeof start === "number" ? start : undefined;
  const base = { type: "line", symbol: "none", silent: true, z: 3, animation: false } as const;
  const band = { stack: `${BAND}-${index}`, stackStrategy: "all", lineStyle: { width: 0 } } as const;
  const opacity = { color: fade(color, ctx.theme === "dark" ? 0.26 : 0.18) };
  const width = (at: number) => (one.upper[at] ?? 0) - (one.lower[at] ?? 0);
  return [
    { ...base, ...band, id: `${BAND}-${index}-lower`, name, data: line((at) => one.lower[at], from) },
    {
      ...base,
      ...band,
      id: `${BAND}-${index}-width`,
      name,
      areaStyle: opacity,
      data: line(width, from === undefined ? undefined : 0),
    },
    {
      ...base,
      id: `${LINE}-${index}`,
      name,
      symbol: one.y.length === 1 ? "circle" : "none",
      color,
      itemStyle: { color },
      lineStyle: { color, width: 2, type: [5, 4] },
      data: line((at) => one.y[at], from),
    },
  ] as LineSeriesOption[];
}

/** Where the forecast's x stand among the positions of the longer table. */
function placesOf(one: ForecastSeries, made: Pivot, ctx: ChartContext): number[] {
  const rows = one.x.map((x) => ({ [made.x]: x, y: 0 }));
  const types = {
    [made.x]: made.kind === "time" ? "timestamp" : made.kind === "number" ? "int" : "text",
    y: "int",
  };
  const alone = pivot({ columns: [made.x, "y"], rows, types }, { xField: made.x, yField: "y" }, ctx);
  const index = new Map(made.positions.map((position, at) => [position, at]));
  return alone.positions.flatMap((position) => index.get(position) ?? []);
}

/** A band tells nothing of itself; the dashed line tells its bounds, and nothing where it starts on a real point. */
function told(param: TipParam, range: (series: number, param: TipParam) => string | undefined): TipParam[] {
  const id = "seriesId" in param ? String(param.seriesId) : "";
  if (id.startsWith(BAND)) return [];
  if (!id.startsWith(LINE)) return [param];
  const bounds = range(Number(id.slice(LINE.length + 1)), param);
  return bounds === undefined ? [] : [{ ...param, seriesName: `${param.seriesName ?? ""}${bounds}` }];
}
