/** Charts as SVG text without a browser: for tests now, for previews and exports on a server. */
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { ChartConfig, ChartContext, ChartType, Table } from "./contract";
import { toOption } from "./draws";
import "./engine-base";
import "./engine-more";

use([SVGRenderer]);

/** The chart as an SVG document. Raises CannotDraw when the data cannot make it. */
export function renderSvg(type: ChartType, table: Table, config: ChartConfig, ctx: ChartContext): string {
  const option = toOption(type, table, config, ctx);
  const chart = init(null, undefined, { renderer: "svg", ssr: true, width: ctx.width, height: ctx.height });
  try {
    chart.setOption(option);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
