/** One name, one colour on a whole dashboard. */
import type { ChartConfig, Table } from "./contract";
import { toLabel } from "./data/coerce";
import { matchColumn, textOf } from "./data/fields";
import { MAX_COLORS } from "./palette";

export interface ColoredTile {
  readonly config: ChartConfig;
  readonly table: Table;
}

const MAX_NAMES = 60;

/**
 * Places in the palette for the names that tiles split by (`seriesField`), in order of how many tiles show them, then
 * of appearance. Names past the palette have no place: each chart then chooses among its free colours.
 */
export function dashboardColors(tiles: readonly ColoredTile[]): (name: string) => number | undefined {
  const uses = new Map<string, number>();
  for (const { config, table } of tiles) {
    const wanted = textOf(config, "seriesField");
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
