/** Loads ECharts in two tiers, each once: `base` with every chart, `more` only for the types that need it. */
import type { ChartType } from "./contract";

export type Tier = "base" | "more";
export type Engine = typeof import("./engine-base");

export const TIERS: Readonly<Record<ChartType, Tier>> = {
  bar: "base",
  line: "base",
  area: "base",
  pie: "base",
  scatter: "base",
  funnel: "more",
  heatmap: "more",
  treemap: "more",
  sunburst: "more",
  sankey: "more",
  chord: "more",
  radar: "more",
  gauge: "more",
  boxplot: "more",
  candlestick: "more",
};

let base: Promise<Engine> | undefined;
let more: Promise<unknown> | undefined;

/** The engine, ready for charts of `tier`. A failed load is tried again at the next call. */
export async function loadEngine(tier: Tier): Promise<Engine> {
  base ??= import("./engine-base").catch((error: unknown) => {
    base = undefined;
    throw error;
  });
  if (tier === "more")
    more ??= import("./engine-more").catch((error: unknown) => {
      more = undefined;
      throw error;
    });
  const [engine] = await Promise.all([base, more]);
  return engine;
}

/** Starts loading what these chart types need, beside the data. A failure shows when the chart itself asks. */
export function preloadCharts(types: Iterable<string | null | undefined>): void {
  const wanted = new Set(
    [...types].flatMap((type) => (type && type in TIERS ? [TIERS[type as ChartType]] : [])),
  );
  for (const tier of wanted) loadEngine(tier).catch(() => undefined);
}
