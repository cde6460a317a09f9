/** What a chart takes and gives. Nothing in this folder but `Chart.tsx` knows React or the DOM. */
import type { EChartsOption } from "echarts";

export const CHART_TYPES = [
  "bar",
  "line",
  "area",
  "pie",
  "scatter",
  "funnel",
  "heatmap",
  "treemap",
  "sunburst",
  "sankey",
  "chord",
  "radar",
  "gauge",
  "boxplot",
  "candlestick",
] as const;

export type ChartType = (typeof CHART_TYPES)[number];

/** The types of the columns of an answer; `bigint` and `bigdecimal` arrive as strings. */
export type ColumnType =
  | "int"
  | "bigint"
  | "decimal"
  | "bigdecimal"
  | "float"
  | "bool"
  | "text"
  | "date"
  | "timestamp"
  | "timestamptz"
  | "time"
  | "interval"
  | "binary"
  | "json";

export type Row = Readonly<Record<string, unknown>>;

/** One answer: rows as objects, columns in order, and the type of each column where known. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly types: Readonly<Record<string, string>>;
}

export type ChartConfig = Readonly<Record<string, unknown>>;

export interface ChartContext {
  readonly theme: "light" | "dark";
  /** Size of the plot in CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** BCP 47, for `Intl`. */
  readonly locale: string;
  /** IANA name; moves `timestamptz` values only. */
  readonly timeZone: string;
  /** Colour of what lies behind the chart, when it is not the theme's own tile. */
  readonly ground?: string;
  /** Fixed place in the palette per series name, so that one name has one colour on a whole dashboard. */
  readonly colorIndex?: (name: string) => number | undefined;
}

/** What ECharts tells about a click, as far as we read it. */
export interface Point {
  readonly seriesIndex?: number;
  readonly dataIndex?: number;
  readonly dataType?: string;
  readonly name?: string;
  readonly data?: unknown;
}

export interface Drawing {
  readonly option: EChartsOption;
  /** One sentence or two for people who do not see the picture. */
  readonly summary: string;
  /** What was left out, added up or guessed, each one sentence. */
  readonly notes: readonly string[];
  /** Index of the table's row behind a click; undefined where a mark stands for no single row. */
  readonly rowAt: (point: Point) => number | undefined;
}

export type Draw = (table: Table, config: ChartConfig, ctx: ChartContext) => Drawing;

/** Makes of what draws a chart what draws it with something over it, as a forecast. */
export type Overlay = (draw: Draw) => Draw;

export type CannotDrawCode = "empty" | "missing_field" | "no_values" | "loop" | "unfit";

/** The data cannot make this chart; `message` says why and what to do, `tryInstead` names a chart that fits. */
export class CannotDraw extends Error {
  constructor(
    readonly code: CannotDrawCode,
    message: string,
    readonly tryInstead?: ChartType,
  ) {
    super(message);
    this.name = "CannotDraw";
  }
}

/** One input of the form of a chart. */
export interface FieldSpec {
  readonly key: string;
  readonly label: string;
  readonly kind: "column" | "columns" | "boolean" | "number" | "text" | "select";
  /** For column kinds: the column types that fit; absent means all. */
  readonly types?: readonly ColumnType[];
  readonly required?: boolean;
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  readonly help?: string;
  /** "data" says what is drawn, "style" how. */
  readonly group: "data" | "style";
}
