/** Loads ECharts in two tiers, each once: `base` with every chart, `more` only for the types that need it. */
import type { ChartType, Draw } from "./contract";

export type Tier = "base" | "more";
export type Engine = typeof import("./engine-base");

export const TIERS: Readonly<Record<ChartType, Tier>> = {
  bar: "base",
  line: "base",
  area: "base",
  pie: "base",
  scatter: "base",
  gauge: "base",
  funnel: "more",
  heatmap: "more",
  treemap: "more",
  sunburst: "more",
  sankey: "more",
  chord: "more",
  radar: "more",
  boxplot: "more",
  candlestick: "more",
};

/** What one chart needs: a function that makes its option, and the engine that paints it. */
export interface Kit {
  readonly engine: Engine;
  readonly draw: Draw;
}

const loads = new Map<Tier, Promise<unknown>>();

/** The promise of the first call for `tier`; a load that failed is tried again at the next. */
function once<T>(tier: Tier, load: () => Promise<T>): Promise<T> {
  const known = loads.get(tier) as Promise<T> | undefined;
  if (known) return known;
  const loading = load();
  loads.set(tier, loading);
  loading.catch(() => loads.delete(tier));
  return loading;
}

const loadBase = () => once("base", () => Promise.all([import("./engine-base"), import("./draws-base")]));
const loadMore = () => once("more", () => import("./more"));

export async function loadChart(type: ChartType): Promise<Kit> {
  const isMore = TIERS[type] === "more";
  const [[engine, base], more] = await Promise.all([loadBase(), isMore ? loadMore() : undefined]);
  const draws: Partial<Record<ChartType, Draw>> = { ...base.DRAWS, ...more?.DRAWS };
  const draw = draws[type];
  if (!draw) throw new Error(`No drawing function for ${type}`);
  return { engine, draw };
}

/** Starts loading what these chart types need, beside the data. A failure shows when the chart itself asks. */
export function preloadCharts(types: Iterable<string | null | undefined>): void {
  for (const type of new Set(types))
    if (type && type in TIERS) loadChart(type as ChartType).catch(() => undefined);
}
