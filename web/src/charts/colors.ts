/** One name, one colour on a whole dashboard. */
import type { ChartConfig, ChartType, Table } from "./contract";
import { toLabel } from "./data/coerce";
import { matchColumn, textsOf } from "./data/fields";
import { MAX_COLORS } from "./palette";

export interface ColoredTile {
  readonly type: ChartType | null;
  readonly config: ChartConfig;
  readonly table: Table;
}

const KEYS: Partial<Record<ChartType, string>> = {
  bar: "seriesField",
  line: "seriesField",
  area: "seriesField",
  scatter: "seriesField",
  radar: "seriesField",
  pie: "nameField",
  treemap: "categoryField",
  sunburst: "pathFields",
  sankey: "sourceField",
  chord: "sourceField",
};

/** The column whose cells this chart paints each in its own colour, as the config names it; undefined for one hue. */
export function colorField(type: ChartType | null, config: ChartConfig): string | undefined {
  const key = KEYS[type ?? "bar"];
  return key === undefined ? undefined : textsOf(config, key)[0];
}

const MAX_NAMES = 60;

/**
 * Places in the palette for the names that more than one of these tiles colours, in order of how many do, then of
 * appearance. Names past the palette have no place: each chart then chooses among its free colours.
 */
export function dashboardColors(tiles: readonly ColoredTile[]): (name: string) => number | undefined {
  const uses = new Map<string, number>();
  for (const { type, config, table } of tiles) {
    const wanted = colorField(type, config);
    const column = wanted === undefined ? undefined : matchColumn(table.columns, wanted);
    if (column === undefined) continue;
    const names = new Set(table.rows.map((row) => toLabel(row[column])));
    if (names.size > MAX_NAMES) continue;
    for (const name of names) uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  const ranked = [...uses].filter(([, count]) => count > 1).sort((a, b) => b[1] - a[1]);
  const places = new Map(ranked.slice(0, MAX_COLORS - 1).map(([name], at) => [name, at]));
  return (name) => places.get(name);
}
