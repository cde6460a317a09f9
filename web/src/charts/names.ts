/** The names of the chart types alone, for rooms that must not load the drawing code. */
import type { ChartType } from "./contract";

export const CHARTS_BY_NAME: Readonly<Record<ChartType, string>> = {
  bar: "Bar",
  line: "Line",
  area: "Area",
  pie: "Pie",
  scatter: "Scatter",
  funnel: "Funnel",
  heatmap: "Heatmap",
  treemap: "Treemap",
  sunburst: "Sunburst",
  sankey: "Sankey",
  chord: "Chord",
  radar: "Radar",
  gauge: "Gauge",
  boxplot: "Boxplot",
  candlestick: "Candlestick",
};
