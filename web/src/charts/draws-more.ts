/** The drawing functions of the second tier. */
import type { Draw } from "./contract";
import { draw as boxplot } from "./types/boxplot";
import { draw as candlestick } from "./types/candlestick";
import { draw as chord } from "./types/chord";
import { draw as heatmap } from "./types/heatmap";
import { draw as radar } from "./types/radar";
import { draw as sankey } from "./types/sankey";
import { draw as sunburst } from "./types/sunburst";
import { draw as treemap } from "./types/treemap";

export const DRAWS = {
  boxplot,
  candlestick,
  chord,
  heatmap,
  radar,
  sankey,
  sunburst,
  treemap,
} satisfies Record<string, Draw>;
