/** Every chart type in one place: its name, icon, engine tier and fields. What draws them: draws-base and draws-more. */
import { CHART_TYPES, type ChartType, type FieldSpec } from "./contract";
import { TIERS, type Tier } from "./engine";
import * as field from "./fieldspecs";
import { CHARTS_BY_NAME } from "./names";
import { suggestChart } from "./suggest";

export interface ChartSpec {
  readonly type: ChartType;
  readonly label: string;
  /** Name of the icon in @tabler/icons-react. */
  readonly icon: string;
  /** When to reach for it, in one line. */
  readonly hint: string;
  readonly tier: Tier;
  readonly fields: readonly FieldSpec[];
}

const spec = (type: ChartType, icon: string, hint: string, fields: readonly FieldSpec[]): ChartSpec => ({
  type,
  label: CHARTS_BY_NAME[type],
  icon,
  hint,
  tier: TIERS[type],
  fields,
});

export const CHARTS: Readonly<Record<ChartType, ChartSpec>> = {
  bar: spec("bar", "IconChartBar", "Compare categories", field.BAR),
  line: spec("line", "IconChartLine", "Follow change over time", field.LINE),
  area: spec("area", "IconChartAreaLine", "Volume over time, or parts of it", field.AREA),
  pie: spec("pie", "IconChartPie", "A few shares of a whole", field.PIE),
  scatter: spec("scatter", "IconChartDots", "How two measures relate", field.SCATTER),
  funnel: spec("funnel", "IconChartFunnel", "What is left at each stage", field.FUNNEL),
  heatmap: spec("heatmap", "IconChartGridDots", "Patterns across two categories", field.HEATMAP),
  treemap: spec("treemap", "IconChartTreemap", "Many parts by size, in groups", field.TREEMAP),
  sunburst: spec("sunburst", "IconChartDonut4", "Parts within parts", field.SUNBURST),
  sankey: spec("sankey", "IconChartSankey", "Flows from one stage to the next", field.FLOW),
  chord: spec("chord", "IconTopologyRing", "Flows between peers, both ways", field.FLOW),
  radar: spec("radar", "IconChartRadar", "Profiles over several measures", field.RADAR),
  gauge: spec("gauge", "IconGauge", "One value on its scale", field.GAUGE),
  boxplot: spec("boxplot", "IconChartCovariate", "Spread and outliers by category", field.BOXPLOT),
  candlestick: spec("candlestick", "IconChartCandle", "Open, high, low and close", field.CANDLESTICK),
};

export function isChartType(value: unknown): value is ChartType {
  return typeof value === "string" && (CHART_TYPES as readonly string[]).includes(value);
}

export { suggestChart };
