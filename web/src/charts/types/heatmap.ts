/** Intensity where two categories meet. */
import type { ChartConfig, ChartContext, Drawing, Table } from "../contract";
import { kindOf, numbersOf, timesOf, toLabel } from "../data/coerce";
import { firstNumber, flagOf, mustHaveNumbers, namedColumn, needed, textOf, titleOf } from "../data/fields";
import { rows } from "../data/pivot";
import { formatFull, formatMomentShort, formatShort, grainOf, styleOf } from "../format";
import { baseAxis, categoryLabels, gridFor, stackedLabels } from "../layout";
import { diverging, inkOn, sequential, shadeAt } from "../palette";
import { extremes } from "../summary";
import { frame, sizeOf, textWidth, tokensOf, tooltipFrame } from "../theme";
import { card, tipParams } from "../tooltip";

interface Cell {
  readonly x: number;
  readonly y: number;
  readonly value: number;
  readonly row: number;
}

export function draw(table: Table, config: ChartConfig, ctx: ChartContext): Drawing {
  const chosen = namedColumn(table, config, "valueField");
  const named = [namedColumn(table, config, "xField"), namedColumn(table, config, "yField")];
  const value = needed(chosen ?? lastNumber(table, named), "the intensity", "bar");
  const x = needed(
    named[0] ?? table.columns.find((column) => column !== value && column !== named[1]),
    "the columns",
    "bar",
  );
  const y = needed(
    named[1] ?? table.columns.find((column) => column !== value && column !== x),
    "the rows",
    "bar",
  );
  mustHaveNumbers(table, [value]);
  const across = axisOf(table, x, ctx);
  const down = axisOf(table, y, ctx);
  const { cells, notes } = cellsOf(table, value, across, down);
  const values = cells.map((cell) => cell.value);
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const isTwoSided = least < 0 && most > 0;
  const reach = Math.max(Math.abs(least), Math.abs(most));
  const range = isTwoSided
    ? { min: -reach, max: reach }
    : { min: least, max: most === least ? least + 1 : most };
  const shades = isTwoSided ? diverging(ctx.theme) : sequential(ctx.theme, textOf(config, "colorScheme"));
  const style = styleOf(config);
  const tokens = tokensOf(ctx);
  const { font, short } = sizeOf(ctx);
  const base = baseAxis(ctx);
  const isKeyed = flagOf(config, "showLegend") ?? (!short && ctx.width >= 260);
  const leftRoom =
    Math.min(ctx.width * 0.3, Math.max(...down.labels.map((label) => textWidth(label, font)))) + 8;
  const cellWidth = (ctx.width - leftRoom - 12) / across.labels.length;
  const cellHeight = (ctx.height - 30 - (isKeyed ? 26 : 0)) / down.labels.length;
  const widest = Math.max(
    ...values.slice(0, 400).map((one) => textWidth(formatShort(one, style, ctx.locale), font)),
  );
  const isLabelled = flagOf(config, "showLabels") ?? (cellHeight >= font + 5 && cellWidth >= widest + 6);
  const gap = cellWidth > 10 && cellHeight > 8 ? 1.5 : cellWidth > 4 && cellHeight > 4 ? 0.5 : 0;
  return {
    option: {
      ...frame(ctx),
      grid: gridFor({ top: isKeyed ? 28 : 4, right: 6, bottom: 2, left: 2 }),
      xAxis: {
        type: "category",
        data: across.labels,
        ...base,
        axisLine: { show: false },
        axisLabel: { ...base.axisLabel, ...categoryLabels(across.labels, ctx.width - leftRoom - 12, ctx) },
      },
      yAxis: {
        type: "category",
        data: down.labels,
        inverse: true,
        ...base,
        axisLine: { show: false },
        axisLabel: {
          ...base.axisLabel,
          ...stackedLabels(down.labels.length, cellHeight * down.labels.length, ctx.width * 0.3, ctx),
        },
      },
      visualMap: {
        type: "continuous",
        ...range,
        show: isKeyed,
        calculable: false,
        orient: "horizontal",
        right: 6,
        top: 0,
        itemWidth: 8,
        itemHeight: Math.min(120, ctx.width * 0.3),
        text: [formatShort(range.max, style, ctx.locale), formatShort(range.min, style, ctx.locale)],
        textStyle: { color: tokens.inkFaint, fontSize: font },
        textGap: 6,
        padding: [2, 0],
        inRange: { color: [...shades] },
      },
      tooltip: {
        ...tooltipFrame(ctx),
        trigger: "item",
        formatter: (given: unknown) => {
          const cell = cells[tipParams(given)[0]?.dataIndex ?? -1];
          if (!cell) return "";
          const lines = [{ name: titleOf(value), value: formatFull(cell.value, style, ctx.locale) }];
          return card(`${down.labels[cell.y]} · ${across.labels[cell.x]}`, lines, ctx);
        },
      },
      series: [
        {
          type: "heatmap",
          data: cells.map((cell) => ({
            value: [cell.x, cell.y, cell.value],
            ...(isLabelled
              ? {
                  label: {
                    color: inkOn(shadeAt(shades, (cell.value - range.min) / (range.max - range.min))),
                  },
                }
              : {}),
          })),
          itemStyle: { borderColor: tokens.ground, borderWidth: gap, borderRadius: gap > 1 ? 2 : 0 },
          label: {
            show: isLabelled,
            fontSize: font,
            formatter: ({ dataIndex }) => formatShort(cells[dataIndex]?.value ?? 0, style, ctx.locale),
          },
          emphasis: { itemStyle: { borderColor: tokens.ink, borderWidth: 1.5 } },
          progressive: 0,
        },
      ],
    },
    summary: `Heatmap of ${titleOf(value)}, ${titleOf(y)} by ${titleOf(x)}, ${cells.length} cells. ${extremes(
      values,
      (at) => `${down.labels[cells[at]?.y ?? 0]}, ${across.labels[cells[at]?.x ?? 0]}`,
      style,
      ctx,
    )}`,
    notes,
    rowAt: ({ dataIndex = -1 }) => cells[dataIndex]?.row,
  };
}

/** Hours and years are numbers too; the intensity is the last column of numbers. */
function lastNumber(table: Table, taken: readonly (string | undefined)[]): string | undefined {
  return firstNumber({ ...table, columns: [...table.columns].reverse() }, taken);
}

interface CategoryAxis {
  readonly labels: string[];
  readonly placeOf: readonly (number | undefined)[];
}

/** Distinct cells of a column: numbers and times rising, words as the query orders them. */
function axisOf(table: Table, column: string, ctx: ChartContext): CategoryAxis {
  const kind = kindOf(table, column);
  const order =
    kind === "time"
      ? timesOf(table, column, ctx.timeZone)
      : kind === "number"
        ? numbersOf(table, column)
        : undefined;
  const keys = table.rows.map((row, index) => (order ? (order[index] ?? null) : toLabel(row[column])));
  const distinct = [...new Set(keys)].filter((key) => key !== null);
  if (order) distinct.sort((a, b) => Number(a) - Number(b));
  const place = new Map(distinct.map((key, at) => [key, at]));
  const grain = kind === "time" ? grainOf(distinct.map(Number)) : "day";
  const labels = distinct.map((key) =>
    kind === "time" ? formatMomentShort(Number(key), grain, ctx.locale, false) : String(key),
  );
  return { labels, placeOf: keys.map((key) => (key === null ? undefined : place.get(key))) };
}

function cellsOf(
  table: Table,
  value: string,
  across: CategoryAxis,
  down: CategoryAxis,
): { cells: Cell[]; notes: string[] } {
  const numbers = numbersOf(table, value);
  const byPlace = new Map<number, Cell>();
  let added = 0;
  for (let row = 0; row < table.rows.length; row++) {
    const x = across.placeOf[row];
    const y = down.placeOf[row];
    const number = numbers[row] ?? null;
    if (x === undefined || y === undefined || number === null) continue;
    const key = y * across.labels.length + x;
    const there = byPlace.get(key);
    if (there) added += 1;
    byPlace.set(key, there ? { ...there, value: there.value + number } : { x, y, value: number, row });
  }
  const notes =
    added > 0 ? [`${rows(added)} fell into a cell already taken; their values are added up.`] : [];
  return { cells: [...byPlace.values()], notes };
}
