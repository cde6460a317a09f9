/** Spread by category: from raw rows, or from five numbers a row. */
import type { ChartConfig, ChartContext, Drawing, Table } from "../contract";
import { numbersOf, toLabel } from "../data/coerce";
import {
  firstDimension,
  firstNumber,
  mustHaveNumbers,
  namedColumn,
  needed,
  textOf,
  titleOf,
} from "../data/fields";
import { type Box, boxOf, thin } from "../data/quartiles";
import { formatFull, formatShort, styleOf } from "../format";
import { baseAxis, categoryLabels, gridFor, valueAxis } from "../layout";
import { categorical, fade } from "../palette";
import { frame, sizeOf, tokensOf, tooltipFrame } from "../theme";
import { card, tipParams } from "../tooltip";

const MAX_BOXES = 60;
const MAX_OUTLIERS = 120;
const FIVE = ["minField", "q1Field", "medianField", "q3Field", "maxField"];

interface Named extends Box {
  readonly name: string;
  readonly row: number;
}

export function draw(table: Table, config: ChartConfig, ctx: ChartContext): Drawing {
  const { boxes: all, title } = FIVE.every((key) => textOf(config, key))
    ? given(table, config)
    : counted(table, config);
  const boxes = all.slice(0, MAX_BOXES);
  const outliers = boxes.flatMap((box, at) => thin(box.outliers, MAX_OUTLIERS).map((value) => [at, value]));
  const notes = [];
  if (boxes.length < all.length) notes.push(`The first ${MAX_BOXES} of ${all.length} categories are drawn.`);
  if (boxes.some((box) => box.outliers.length > MAX_OUTLIERS))
    notes.push(`Outliers are thinned to ${MAX_OUTLIERS} a category.`);
  const style = styleOf(config);
  const tokens = tokensOf(ctx);
  const color = categorical(ctx.theme, textOf(config, "colorScheme"))[0] ?? tokens.ink;
  const labels = boxes.map((box) => box.name);
  const base = baseAxis(ctx);
  const show = (value: number) => formatFull(value, style, ctx.locale);
  return {
    option: {
      ...frame(ctx),
      grid: gridFor({ top: 12 }),
      xAxis: {
        type: "category",
        data: labels,
        ...base,
        axisLabel: { ...base.axisLabel, ...categoryLabels(labels, ctx.width - 60, ctx) },
      },
      yAxis: { ...valueAxis(style, {}, ctx), scale: true },
      tooltip: {
        ...tooltipFrame(ctx),
        trigger: "item",
        formatter: (params: unknown) => {
          const [param] = tipParams(params);
          const outlier = param?.seriesIndex === 1 ? outliers[param.dataIndex ?? -1] : undefined;
          if (outlier)
            return card(
              labels[outlier[0] ?? 0] ?? "",
              [{ name: "Outlier", value: show(outlier[1] ?? 0) }],
              ctx,
            );
          const box = boxes[param?.dataIndex ?? -1];
          return box
            ? card(
                box.name,
                lines(box, show),
                ctx,
                box.count > 0 ? `${box.count.toLocaleString(ctx.locale)} values` : undefined,
              )
            : "";
        },
      },
      series: [
        {
          type: "boxplot",
          data: boxes.map((box) => [...box.five]),
          boxWidth: [6, Math.min(46, ctx.width / boxes.length / 2)],
          itemStyle: {
            color: fade(color, ctx.theme === "dark" ? 0.32 : 0.2),
            borderColor: color,
            borderWidth: 1.5,
          },
          emphasis: { itemStyle: { borderWidth: 2, shadowBlur: 0 } },
        },
        {
          type: "scatter",
          data: outliers,
          symbolSize: sizeOf(ctx).narrow ? 3 : 4,
          itemStyle: { color: "transparent", borderColor: color, borderWidth: 1, opacity: 0.6 },
        },
      ],
    },
    summary: `Boxplot of ${title} for ${boxes.length} categories. Medians: ${boxes
      .slice(0, 6)
      .map((box) => `${box.name} ${formatShort(box.five[2], style, ctx.locale)}`)
      .join(", ")}.`,
    notes,
    rowAt: ({ seriesIndex, dataIndex = -1 }) =>
      boxes[seriesIndex === 1 ? (outliers[dataIndex]?.[0] ?? -1) : dataIndex]?.row,
  };
}

function lines(box: Box, show: (value: number) => string) {
  const [low, q1, median, q3, high] = box.five;
  return [
    { name: "Upper whisker", value: show(high) },
    { name: "Third quartile", value: show(q3) },
    { name: "Median", value: show(median), isStrong: true },
    { name: "First quartile", value: show(q1) },
    { name: "Lower whisker", value: show(low) },
    ...(box.outliers.length > 0 ? [{ name: "Outliers", value: String(box.outliers.length) }] : []),
  ];
}

/** Boxes of raw rows. */
function counted(table: Table, config: ChartConfig): { boxes: Named[]; title: string } {
  const chosen = namedColumn(table, config, "valueField");
  const category = namedColumn(table, config, "categoryField") ?? firstDimension(table, [chosen]);
  const value = needed(chosen ?? firstNumber(table, [category]), "the value");
  mustHaveNumbers(table, [value]);
  const numbers = numbersOf(table, value);
  const byName = new Map<string, { values: number[]; row: number }>();
  table.rows.forEach((cells, row) => {
    const number = numbers[row] ?? null;
    if (number === null) return;
    const name = category === undefined ? titleOf(value) : toLabel(cells[category]);
    const there = byName.get(name);
    if (there) there.values.push(number);
    else byName.set(name, { values: [number], row });
  });
  const boxes = [...byName].flatMap(([name, { values, row }]) => {
    const box = boxOf(values);
    return box ? [{ name, row, ...box }] : [];
  });
  return { boxes, title: titleOf(value) };
}

/** Boxes that the query has summed up, one a row. */
function given(table: Table, config: ChartConfig): { boxes: Named[]; title: string } {
  const columns = FIVE.map((key) => needed(namedColumn(table, config, key), key));
  mustHaveNumbers(table, columns);
  const category = namedColumn(table, config, "categoryField") ?? firstDimension(table, columns);
  const boxes = table.rows.flatMap((cells, row) => {
    const [low, q1, median, q3, high] = columns.map((column) => numbersOf(table, column)[row] ?? null);
    if (low == null || q1 == null || median == null || q3 == null || high == null) return [];
    const name = category === undefined ? `${row + 1}` : toLabel(cells[category]);
    return [{ name, row, five: [low, q1, median, q3, high] as const, outliers: [], count: 0 }];
  });
  return { boxes, title: titleOf(columns[2] ?? "") };
}
