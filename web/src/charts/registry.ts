/** Every chart type in one place: its name, icon, engine tier, fields and drawing function. */
import {
  CHART_TYPES,
  type ChartConfig,
  type ChartContext,
  type ChartType,
  type Draw,
  type FieldSpec,
  type Table,
} from "./contract";
import { TIERS, type Tier } from "./engine";
import * as field from "./fieldspecs";
import { CHARTS_BY_NAME } from "./names";
import { suggestChart } from "./suggest";
import { draw as drawBar } from "./types/bar";
import { draw as drawBoxplot } from "./types/boxplot";
import { draw as drawCandlestick } from "./types/candlestick";
import { draw as drawChord } from "./types/chord";
import { draw as drawFunnel } from "./types/funnel";
import { draw as drawGauge } from "./types/gauge";
import { draw as drawHeatmap } from "./types/heatmap";
import { drawArea, drawLine } from "./types/line";
import { draw as drawPie } from "./types/pie";
import { draw as drawRadar } from "./types/radar";
import { draw as drawSankey } from "./types/sankey";
import { draw as drawScatter } from "./types/scatter";
import { draw as drawSunburst } from "./types/sunburst";
import { draw as drawTreemap } from "./types/treemap";

export interface ChartSpec {
  readonly type: ChartType;
  readonly label: string;
  /** Name of the icon in @tabler/icons-react. */
  readonly icon: string;
  /** When to reach for it, in one line. */
  readonly hint: string;
  readonly tier: Tier;
  readonly fields: readonly FieldSpec[];
  readonly draw: Draw;
}

const spec = (
  type: ChartType,
  icon: string,
  hint: string,
  fields: readonly FieldSpec[],
  draw: Draw,
): ChartSpec => ({
  type,
  label: CHARTS_BY_NAME[type],
  icon,
  hint,
  tier: TIERS[type],
  fields,
  draw,
});

export const CHARTS: Readonly<Record<ChartType, ChartSpec>> = {
  bar: spec("bar", "IconChartBar", "Compare categories", field.BAR, drawBar),
  line: spec("line", "IconChartLine", "Follow change over time", field.LINE, drawLine),
  area: spec("area", "IconChartAreaLine", "Volume over time, or parts of it", field.AREA, drawArea),
  pie: spec("pie", "IconChartPie", "A few shares of a whole", field.PIE, drawPie),
  scatter: spec("scatter", "IconChartDots", "How two measures relate", field.SCATTER, drawScatter),
  funnel: spec("funnel", "IconChartFunnel", "What is left at each stage", field.FUNNEL, drawFunnel),
  heatmap: spec("heatmap", "IconChartGridDots", "Patterns across two categories", field.HEATMAP, drawHeatmap),
  treemap: spec("treemap", "IconChartTreemap", "Many parts by size, in groups", field.TREEMAP, drawTreemap),
  sunburst: spec("sunburst", "IconChartDonut4", "Parts within parts", field.SUNBURST, drawSunburst),
  sankey: spec("sankey", "IconChartSankey", "Flows from one stage to the next", field.FLOW, drawSankey),
  chord: spec("chord", "IconTopologyRing", "Flows between peers, both ways", field.FLOW, drawChord),
  radar: spec("radar", "IconChartRadar", "Profiles over several measures", field.RADAR, drawRadar),
  gauge: spec("gauge", "IconGauge", "One value on its scale", field.GAUGE, drawGauge),
  boxplot: spec(
    "boxplot",
    "IconChartCovariate",
    "Spread and outliers by category",
    field.BOXPLOT,
    drawBoxplot,
  ),
  candlestick: spec(
    "candlestick",
    "IconChartCandle",
    "Open, high, low and close",
    field.CANDLESTICK,
    drawCandlestick,
  ),
};

export function isChartType(value: unknown): value is ChartType {
  return typeof value === "string" && (CHART_TYPES as readonly string[]).includes(value);
}

/** The ECharts option of a chart. Raises CannotDraw when the data cannot make it. */
export function toOption(type: ChartType, table: Table, config: ChartConfig, ctx: ChartContext) {
  return CHARTS[type].draw(table, config, ctx).option;
}

export { suggestChart };
