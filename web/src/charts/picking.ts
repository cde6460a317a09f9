/** Which mark a pointer means, and how marks that were not picked step back. */
import type { EChartsOption } from "echarts";
import type { Drawing, Point, Row, Table } from "./contract";

/** A series of an option, as far as we read and write it. */
interface AnySeries {
  readonly type?: string;
  readonly stack?: string;
  readonly silent?: boolean;
  readonly data?: readonly unknown[];
  readonly links?: readonly unknown[];
  readonly edges?: readonly unknown[];
  readonly [key: string]: unknown;
}

type Item = Readonly<Record<string, unknown>>;

export function seriesOf(option: EChartsOption): readonly AnySeries[] {
  const { series } = option;
  const list = Array.isArray(series) ? series : series ? [series] : [];
  return list as unknown as readonly AnySeries[];
}

function isItem(value: unknown): value is Item {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The place of a datum on the value axis of x, and its height; undefined where it has none. */
function pair(datum: unknown, index: number): readonly [number, number] | undefined {
  const value = isItem(datum) ? datum.value : datum;
  const [x, y] = Array.isArray(value) ? value : [index, value];
  return typeof x === "number" && typeof y === "number" ? [x, y] : undefined;
}

interface Candidate {
  readonly seriesIndex: number;
  readonly dataIndex: number;
  readonly distance: number;
  readonly height: number;
  readonly stack: string | undefined;
}

/** The point of lines that a place in axis values means: the nearest on x, then the line, or the band, at that height. */
export function nearestPoint(
  series: readonly AnySeries[],
  [x, y]: readonly [number, number],
): Point | undefined {
  const candidates = series.flatMap((one, seriesIndex): Candidate[] => {
    if (one.silent) return [];
    let best: Candidate | undefined;
    for (const [dataIndex, datum] of (one.data ?? []).entries()) {
      const at = pair(datum, dataIndex);
      if (!at) continue;
      const distance = Math.abs(at[0] - x);
      if (!best || distance < best.distance)
        best = { seriesIndex, dataIndex, distance, height: at[1], stack: one.stack };
    }
    return best ? [best] : [];
  });
  const nearest = Math.min(...candidates.map((one) => one.distance));
  const here = candidates.filter((one) => one.distance === nearest);
  const found = here.some((one) => one.stack !== undefined) ? bandAt(here, y) : lineAt(here, y);
  return found && { seriesIndex: found.seriesIndex, dataIndex: found.dataIndex };
}

function lineAt(candidates: readonly Candidate[], y: number): Candidate | undefined {
  return candidates.toSorted((a, b) => Math.abs(a.height - y) - Math.abs(b.height - y))[0];
}

function bandAt(candidates: readonly Candidate[], y: number): Candidate | undefined {
  let top = 0;
  for (const one of candidates) {
    top += one.height;
    if (one.height > 0 && y <= top) return one;
  }
  return candidates.findLast((one) => one.height > 0);
}

const FAINT = 0.22;
/** More points than this are dimmed as a whole line only. */
const MANY = 2000;

/** The option with all marks faint whose rows are not among the selected. */
export function dimmed(drawing: Drawing, table: Table, isSelected: (row: Row) => boolean): EChartsOption {
  const has = (point: Point): boolean => {
    const at = drawing.rowAt(point);
    const row = at === undefined ? undefined : table.rows[at];
    return row !== undefined && isSelected(row);
  };
  const series = seriesOf(drawing.option).map((one, seriesIndex) => dimSeries(one, seriesIndex, has));
  return { ...drawing.option, series: series as EChartsOption["series"] };
}

function dimSeries(one: AnySeries, seriesIndex: number, has: (point: Point) => boolean): AnySeries {
  const { type, data = [] } = one;
  switch (type) {
    case "line":
      return dimLine(one, (dataIndex) => has({ seriesIndex, dataIndex }));
    case "treemap":
    case "sunburst":
      return { ...one, data: data.map((item) => dimTree(item, has)) };
    case "sankey":
    case "chord": {
      const key = one.links ? "links" : "edges";
      const flows = one[key] ?? [];
      const faint = (item: unknown) => (isItem(item) ? { ...item, lineStyle: { opacity: 0.06 } } : item);
      return {
        ...one,
        [key]: flows.map((item, dataIndex) =>
          has({ seriesIndex, dataIndex, dataType: "edge" }) ? item : faint(item),
        ),
      };
    }
    case "gauge":
      return one;
    default:
      return {
        ...one,
        data: data.map((item, dataIndex) => (has({ seriesIndex, dataIndex }) ? item : faintItem(item))),
      };
  }
}

function faintItem(item: unknown): unknown {
  if (item === "-" || item === null || item === undefined) return item;
  const own = isItem(item) ? item : { value: item };
  const style = (key: string) => (isItem(own[key]) ? own[key] : {});
  return {
    ...own,
    itemStyle: { ...style("itemStyle"), opacity: FAINT },
    label: { ...style("label"), opacity: 0.45 },
  };
}

/** A line with nothing selected steps back; one with some of its points selected shows those. */
function dimLine(one: AnySeries, has: (dataIndex: number) => boolean): AnySeries {
  const { data = [] } = one;
  const picked = data.map((_, at) => has(at));
  if (picked.every(Boolean)) return one;
  const style = (key: string) => (isItem(one[key]) ? one[key] : {});
  if (!picked.some(Boolean))
    return {
      ...one,
      lineStyle: { ...style("lineStyle"), opacity: FAINT },
      itemStyle: { ...style("itemStyle"), opacity: FAINT },
      ...(one.areaStyle ? { areaStyle: { ...style("areaStyle"), opacity: 0.08 } } : {}),
    };
  if (data.length > MANY) return one;
  return {
    ...one,
    showSymbol: true,
    data: data.map((item, at) => ({
      ...(isItem(item) ? item : { value: item }),
      symbol: picked[at] ? "circle" : "none",
      symbolSize: 10,
    })),
  };
}

function dimTree(item: unknown, has: (point: Point) => boolean): unknown {
  if (!isItem(item)) return item;
  if (Array.isArray(item.children) && item.children.length > 0)
    return { ...item, children: item.children.map((child) => dimTree(child, has)) };
  return has({ data: item }) ? item : faintItem(item);
}
