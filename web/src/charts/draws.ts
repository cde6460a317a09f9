/** Every drawing function at once: for tests and for drawing on a server. The page loads them by tier (engine.ts). */
import type { ChartConfig, ChartContext, ChartType, Draw, Table } from "./contract";
import { DRAWS as BASE } from "./draws-base";
import { DRAWS as MORE } from "./draws-more";

export const DRAWS: Readonly<Record<ChartType, Draw>> = { ...BASE, ...MORE };

/** The ECharts option of a chart. Raises CannotDraw when the data cannot make it. */
export function toOption(type: ChartType, table: Table, config: ChartConfig, ctx: ChartContext) {
  return DRAWS[type](table, config, ctx).option;
}
