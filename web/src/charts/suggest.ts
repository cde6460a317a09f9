/** A first guess at the chart for an answer nobody has described yet. */
import type { ChartConfig, ChartType, Table } from "./contract";
import { kindOf, toLabel } from "./data/coerce";

export interface Suggestion {
  readonly type: ChartType;
  readonly config: ChartConfig;
}

/** The chart that fits the columns: time makes a line, words a bar, two measures a scatter, one number a gauge. */
export function suggestChart(table: Table): Suggestion {
  const numbers = table.columns.filter((column) => kindOf(table, column) === "number");
  const times = table.columns.filter((column) => kindOf(table, column) === "time");
  const words = table.columns.filter((column) => kindOf(table, column) === "category");
  const [value, second] = numbers;
  const [word, other] = words;
  if (value === undefined) return { type: "bar", config: {} };
  if (times[0] !== undefined)
    return {
      type: "line",
      config: {
        xField: times[0],
        yField: word ? value : one(numbers.slice(0, 4)),
        ...(word ? { seriesField: word } : {}),
      },
    };
  if (word !== undefined && other !== undefined)
    return { type: "heatmap", config: { xField: word, yField: other, valueField: value } };
  if (word !== undefined) {
    const isLong = table.rows.some((row) => toLabel(row[word]).length > 14) || table.rows.length > 12;
    return { type: "bar", config: { xField: word, yField: value, ...(isLong ? { horizontal: true } : {}) } };
  }
  if (second !== undefined && table.rows.length > 24)
    return { type: "scatter", config: { xField: value, yField: second } };
  if (second !== undefined) return { type: "bar", config: { xField: value, yField: second } };
  return { type: "gauge", config: { valueField: value } };
}

function one(list: readonly string[]): string | readonly string[] {
  return list.length === 1 && list[0] !== undefined ? list[0] : list;
}
