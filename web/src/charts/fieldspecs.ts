/** The fields of each chart's form: keys as `chart_config` names them (the server's model/charts.py is the source). */
import type { ColumnType, FieldSpec } from "./contract";
import { COLOR_SCHEMES } from "./palette";

export const NUMBERS: readonly ColumnType[] = ["int", "bigint", "decimal", "bigdecimal", "float"];
const MOMENTS: readonly ColumnType[] = ["date", "timestamp", "timestamptz", "text"];

type More = Partial<Omit<FieldSpec, "key" | "label" | "kind" | "group">>;

const column = (key: string, label: string, more: More = {}): FieldSpec => ({
  key,
  label,
  kind: "column",
  group: "data",
  ...more,
});
const columns = (key: string, label: string, more: More = {}): FieldSpec => ({
  key,
  label,
  kind: "columns",
  group: "data",
  ...more,
});
const toggle = (key: string, label: string, more: More = {}): FieldSpec => ({
  key,
  label,
  kind: "boolean",
  group: "style",
  ...more,
});
const amount = (key: string, label: string, more: More = {}): FieldSpec => ({
  key,
  label,
  kind: "number",
  group: "style",
  ...more,
});
const words = (key: string, label: string, more: More = {}): FieldSpec => ({
  key,
  label,
  kind: "text",
  group: "style",
  ...more,
});

const VALUE_FORMAT: FieldSpec = {
  key: "valueFormat",
  label: "Number format",
  kind: "select",
  group: "style",
  options: [
    { value: "number", label: "Number" },
    { value: "compact", label: "Short (1.2M)" },
    { value: "percent", label: "Percent (0.12 is 12 %)" },
    { value: "currency", label: "Currency" },
    { value: "duration", label: "Duration (seconds)" },
  ],
};

const COLORS: FieldSpec = {
  key: "colorScheme",
  label: "Colours",
  kind: "select",
  group: "style",
  options: COLOR_SCHEMES.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) })),
};

const VALUE_STYLE = [
  VALUE_FORMAT,
  words("currency", "Currency", { help: "Three letters, such as EUR; used with the currency format" }),
  amount("decimals", "Decimals"),
  words("prefix", "Before the number"),
  words("suffix", "After the number"),
];
const SUBTITLE = words("subtitle", "Subtitle", {
  help: "A line under the title: the unit, the period, the answer",
});
const LEGEND = toggle("showLegend", "Legend");
const LABELS = toggle("showLabels", "Values on the marks");
const value = (label = "Value", more: More = {}) =>
  column("valueField", label, { types: NUMBERS, required: true, ...more });

const CARTESIAN = [
  column("xField", "X axis", { required: true }),
  columns("yField", "Value", { types: NUMBERS, required: true, help: "Several columns make several series" }),
  column("seriesField", "Split by", { help: "One series per value of this column" }),
];
const CARTESIAN_STYLE = [
  LEGEND,
  LABELS,
  words("xLabel", "X axis name"),
  words("yLabel", "Value axis name"),
  ...VALUE_STYLE,
  COLORS,
  SUBTITLE,
];

export const BAR: readonly FieldSpec[] = [
  ...CARTESIAN,
  toggle("stacked", "Stacked"),
  toggle("horizontal", "Horizontal"),
  ...CARTESIAN_STYLE,
];
export const LINE: readonly FieldSpec[] = [
  ...CARTESIAN,
  toggle("smooth", "Smooth"),
  toggle("stacked", "Stacked"),
  ...CARTESIAN_STYLE,
];
export const AREA: readonly FieldSpec[] = LINE;

const NAME_VALUE = [column("nameField", "Name", { required: true }), value()];
export const PIE: readonly FieldSpec[] = [
  ...NAME_VALUE,
  toggle("donut", "Donut"),
  LEGEND,
  LABELS,
  ...VALUE_STYLE,
  COLORS,
  SUBTITLE,
];
export const FUNNEL: readonly FieldSpec[] = [...NAME_VALUE, LEGEND, ...VALUE_STYLE, COLORS, SUBTITLE];

export const SCATTER: readonly FieldSpec[] = [
  column("xField", "X axis", { required: true }),
  column("yField", "Y axis", { types: NUMBERS, required: true }),
  column("sizeField", "Size", { types: NUMBERS }),
  column("seriesField", "Colour by"),
  column("nameField", "Name of a point"),
  LEGEND,
  words("xLabel", "X axis name"),
  words("yLabel", "Y axis name"),
  ...VALUE_STYLE,
  COLORS,
  SUBTITLE,
];

export const HEATMAP: readonly FieldSpec[] = [
  column("xField", "Columns", { required: true }),
  column("yField", "Rows", { required: true }),
  value("Intensity"),
  LEGEND,
  LABELS,
  ...VALUE_STYLE,
  COLORS,
  SUBTITLE,
];

export const FLOW: readonly FieldSpec[] = [
  column("sourceField", "From", { required: true }),
  column("targetField", "To", { required: true }),
  value("Flow"),
  ...VALUE_STYLE,
  COLORS,
  SUBTITLE,
];

export const TREEMAP: readonly FieldSpec[] = [
  ...NAME_VALUE,
  column("categoryField", "Group by"),
  ...VALUE_STYLE,
  COLORS,
  SUBTITLE,
];

export const SUNBURST: readonly FieldSpec[] = [
  columns("pathFields", "Rings, from the inside out", { required: true }),
  value(),
  ...VALUE_STYLE,
  COLORS,
  SUBTITLE,
];

export const RADAR: readonly FieldSpec[] = [
  column("nameField", "Axis", { required: true }),
  value(),
  column("seriesField", "Split by"),
  amount("max", "Largest value"),
  LEGEND,
  ...VALUE_STYLE,
  COLORS,
  SUBTITLE,
];

export const GAUGE: readonly FieldSpec[] = [
  value(),
  amount("min", "From"),
  amount("max", "To"),
  ...VALUE_STYLE,
  COLORS,
  SUBTITLE,
];

export const BOXPLOT: readonly FieldSpec[] = [
  column("categoryField", "Category"),
  value("Value", { required: false, help: "One row per observation; or name the five numbers below" }),
  column("minField", "Minimum", { types: NUMBERS, help: "For data that is summed up already" }),
  column("q1Field", "First quartile", { types: NUMBERS }),
  column("medianField", "Median", { types: NUMBERS }),
  column("q3Field", "Third quartile", { types: NUMBERS }),
  column("maxField", "Maximum", { types: NUMBERS }),
  ...VALUE_STYLE,
  COLORS,
  SUBTITLE,
];

export const CANDLESTICK: readonly FieldSpec[] = [
  column("dateField", "Date", { types: MOMENTS, required: true }),
  column("openField", "Open", { types: NUMBERS, required: true }),
  column("highField", "High", { types: NUMBERS, required: true }),
  column("lowField", "Low", { types: NUMBERS, required: true }),
  column("closeField", "Close", { types: NUMBERS, required: true }),
  ...VALUE_STYLE,
  SUBTITLE,
];

export const KPI: readonly FieldSpec[] = [
  value("Value", { help: "Taken from the last row" }),
  column("comparisonField", "Compare with", { types: NUMBERS, help: "Taken from the last row" }),
  words("compareLabel", "Name of the comparison", { help: "Such as: vs previous month" }),
  toggle("lowerIsBetter", "Lower is better"),
  toggle("showSparkline", "Sparkline", { help: "Drawn from all rows" }),
  column("sparklineField", "Sparkline column", { types: NUMBERS }),
  ...VALUE_STYLE,
  SUBTITLE,
];

export const TABLE: readonly FieldSpec[] = [
  toggle("zebra", "Striped rows"),
  toggle("compact", "Compact rows"),
  amount("pageSize", "Rows per page"),
  toggle("showSearch", "Search box"),
  SUBTITLE,
];
