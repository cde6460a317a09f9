/** Points in two measures, with size and colour for two more. */
import type { ScatterSeriesOption } from "echarts";
import { CannotDraw, type ChartConfig, type ChartContext, type Drawing, type Table } from "../contract";
import { kindOf, numbersOf, timesOf, toLabel } from "../data/coerce";
import {
  firstNumber,
  isNumeric,
  mustHaveNumbers,
  namedColumn,
  needed,
  textOf,
  titleOf,
} from "../data/fields";
import { rows } from "../data/pivot";
import { formatFull, formatMoment, formatTick, formatTimeTick, grainOf, styleOf } from "../format";
import { axisName, baseAxis, gridFor, legendFor, valueAxis } from "../layout";
import { MAX_COLORS } from "../palette";
import { colorsFor, frame, OTHER, sizeOf, tokensOf, tooltipFrame } from "../theme";
import { card, tipParams } from "../tooltip";

const LARGE = 3000;

export function draw(table: Table, config: ChartConfig, ctx: ChartContext): Drawing {
  const read = columnsOf(table, config);
  const groups = group(table, read, ctx);
  const notes = [...groups.notes];
  const style = styleOf(config);
  const names = groups.groups.map((one) => one.name);
  const legend =
    read.series === undefined ? { legend: { show: false }, height: 0 } : legendFor(names, config, ctx);
  const xTitle = axisName(textOf(config, "xLabel") ?? titleOf(read.x), "x", ctx);
  const yTitle = axisName(textOf(config, "yLabel") ?? titleOf(read.y), "y", ctx);
  const count = groups.groups.reduce((sum, one) => sum + one.points.length, 0);
  const size = sizeScale(table, read.size, ctx);
  const colors = colorsFor(names, config, ctx);
  return {
    option: {
      ...frame(ctx),
      color: colors,
      legend: legend.legend,
      grid: gridFor({ top: legend.height + yTitle.room + 10, bottom: 4 + xTitle.room, right: 16 }),
      xAxis: { ...xAxis(table, read.x, groups.categories, ctx), ...xTitle.axis },
      yAxis: {
        ...valueAxis(style, { yLabel: undefined }, ctx),
        ...yTitle.axis,
        scale: true,
        boundaryGap: ["3%", "7%"],
      },
      tooltip: { ...tooltipFrame(ctx), trigger: "item", formatter: tip(table, read, groups.groups, ctx) },
      series: groups.groups.map(
        (one): ScatterSeriesOption => ({
          type: "scatter",
          name: one.name,
          data: one.points,
          symbolSize: size ? (_value, { dataIndex }) => size(one.rows[dataIndex]) : plainSize(count, ctx),
          ...(one.points.length > LARGE && !size ? { large: true, largeThreshold: LARGE } : {}),
          itemStyle: {
            opacity: opacity(count, size !== undefined),
            ...(size ? { borderColor: tokensOf(ctx).ground, borderWidth: 0.5 } : {}),
          },
          emphasis: { focus: groups.groups.length > 1 ? "series" : "none", itemStyle: { opacity: 1 } },
          blur: { itemStyle: { opacity: 0.1 } },
        }),
      ),
    },
    summary: `Scatter plot of ${titleOf(read.y)} against ${titleOf(read.x)}, ${count.toLocaleString(ctx.locale)} points${read.series ? ` in ${names.length} groups` : ""}.`,
    notes,
    rowAt: ({ seriesIndex = 0, dataIndex = -1 }) => groups.groups[seriesIndex]?.rows[dataIndex],
  };
}

interface Columns {
  readonly x: string;
  readonly y: string;
  readonly size?: string;
  readonly series?: string;
  readonly name?: string;
}

function columnsOf(table: Table, config: ChartConfig): Columns {
  const size = namedColumn(table, config, "sizeField");
  const series = namedColumn(table, config, "seriesField");
  const name = namedColumn(table, config, "nameField");
  const yNamed = namedColumn(table, config, "yField");
  const x = needed(
    namedColumn(table, config, "xField") ?? firstNumber(table, [yNamed, size]),
    "the x axis",
    "bar",
  );
  const y = needed(yNamed ?? firstNumber(table, [x, size]), "the y axis", "bar");
  mustHaveNumbers(table, [y]);
  const free = table.columns.find(
    (column) => ![x, y, size, series].includes(column) && !isNumeric(table, column),
  );
  return { x, y, size, series, name: name ?? free };
}

interface Group {
  readonly name: string;
  readonly points: [number, number][];
  readonly rows: number[];
}

/** Points per series; the largest seven keep their name, the others are "Other". */
function group(table: Table, { x, y, series }: Columns, ctx: ChartContext) {
  const kind = kindOf(table, x);
  const categories = kind === "category" ? [...new Set(table.rows.map((row) => toLabel(row[x])))] : undefined;
  const places = new Map(categories?.map((label, at) => [label, at]));
  const xs =
    kind === "time"
      ? timesOf(table, x, ctx.timeZone)
      : kind === "number"
        ? numbersOf(table, x)
        : table.rows.map((row) => places.get(toLabel(row[x])) ?? null);
  const ys = numbersOf(table, y);
  const byName = new Map<string, Group>();
  let empty = 0;
  const keep = largestNames(table, series);
  for (let row = 0; row < table.rows.length; row++) {
    const at = xs[row] ?? null;
    const value = ys[row] ?? null;
    if (at === null || value === null) {
      empty += 1;
      continue;
    }
    const label = series === undefined ? titleOf(y) : toLabel(table.rows[row]?.[series]);
    const name = keep && !keep.has(label) ? OTHER : label;
    let there = byName.get(name);
    if (!there) {
      there = { name, points: [], rows: [] };
      byName.set(name, there);
    }
    there.points.push([at, value]);
    there.rows.push(row);
  }
  if (byName.size === 0) throw new CannotDraw("no_values", `No row has both “${x}” and “${y}”.`);
  const notes = empty > 0 ? [`${rows(empty)} without both values left out.`] : [];
  const groups = [...byName.values()].sort((a, b) => Number(b.name === OTHER) - Number(a.name === OTHER));
  return { groups, categories, notes };
}

function largestNames(table: Table, series: string | undefined): Set<string> | undefined {
  if (series === undefined) return undefined;
  const counts = new Map<string, number>();
  for (const row of table.rows) {
    const label = toLabel(row[series]);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  if (counts.size <= MAX_COLORS) return undefined;
  return new Set(
    [...counts]
      .sort((a, b) => b[1] - a[1])
      .slice(0, MAX_COLORS - 1)
      .map(([label]) => label),
  );
}

function xAxis(table: Table, x: string, categories: readonly string[] | undefined, ctx: ChartContext) {
  const plain = baseAxis(ctx);
  const base = { ...plain, axisLine: { ...plain.axisLine, onZero: false } };
  const splitLine = { show: true, lineStyle: { color: tokensOf(ctx).lineSoft } };
  if (categories) return { type: "category" as const, data: [...categories], ...base };
  const splitNumber = Math.max(2, Math.min(8, Math.floor(ctx.width / 80)));
  if (kindOf(table, x) === "number") {
    const formatter = (value: number) => formatTick(value, {}, ctx.locale);
    return {
      type: "value" as const,
      scale: true,
      splitNumber,
      ...base,
      splitLine,
      axisLabel: { ...base.axisLabel, formatter },
    };
  }
  const times = timesOf(table, x, ctx.timeZone).filter((time) => time !== null);
  const span =
    times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY) -
    times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const formatter = (value: number) => formatTimeTick(value, span, ctx.locale);
  return {
    type: "time" as const,
    splitNumber,
    ...base,
    splitLine,
    axisLabel: { ...base.axisLabel, formatter },
  };
}

/** Diameter by row so that the area follows the value. */
function sizeScale(
  table: Table,
  column: string | undefined,
  ctx: ChartContext,
): ((row: number | undefined) => number) | undefined {
  if (column === undefined) return undefined;
  const sizes = numbersOf(table, column);
  const most = sizes.reduce<number>((top, value) => Math.max(top, value ?? 0), 0);
  const widest = Math.max(14, Math.min(44, Math.min(ctx.width, ctx.height) / 9));
  return (row) => {
    const value = row === undefined ? null : sizes[row];
    return most > 0 ? Math.max(4, Math.sqrt(Math.max(value ?? 0, 0) / most) * widest) : 8;
  };
}

function plainSize(count: number, ctx: ChartContext): number {
  const size = count > 20_000 ? 2 : count > LARGE ? 3 : count > 400 ? 5 : 9;
  return sizeOf(ctx).narrow ? Math.max(2, size - 2) : size;
}

function opacity(count: number, isSized: boolean): number {
  if (count > 20_000) return 0.35;
  if (count > LARGE) return 0.45;
  return isSized ? 0.65 : count > 400 ? 0.6 : 0.8;
}

function tip(
  table: Table,
  { x, y, size, series, name }: Columns,
  groups: readonly Group[],
  ctx: ChartContext,
) {
  const isTime = kindOf(table, x) === "time";
  const grain = isTime ? grainOf(timesOf(table, x, ctx.timeZone)) : "day";
  const show = (column: string, row: number) => {
    const number = numbersOf(table, column)[row];
    return typeof number === "number"
      ? formatFull(number, {}, ctx.locale)
      : toLabel(table.rows[row]?.[column]);
  };
  return (given: unknown) => {
    const [param] = tipParams(given);
    const row = groups[param?.seriesIndex ?? 0]?.rows[param?.dataIndex ?? -1];
    if (row === undefined) return "";
    const time = isTime ? timesOf(table, x, ctx.timeZone)[row] : undefined;
    const lines = [
      {
        name: titleOf(x),
        value: typeof time === "number" ? formatMoment(time, grain, ctx.locale) : show(x, row),
      },
      { name: titleOf(y), value: show(y, row) },
      ...(size ? [{ name: titleOf(size), value: show(size, row) }] : []),
      ...(series && series !== name
        ? [{ name: titleOf(series), value: toLabel(table.rows[row]?.[series]) }]
        : []),
    ];
    return card(name ? toLabel(table.rows[row]?.[name]) : "", lines, ctx);
  };
}
