/** The order and the shape of tiles on a page, as CSS needs them. */

export interface Placed {
  id: string;
  tile_type: string;
  grid_x: number;
  grid_y: number;
  grid_w: number;
  grid_h: number;
}

/** Top to bottom, left to right: the order for the eye, the tab key and the phone. */
export function readingOrder<T extends Placed>(tiles: readonly T[]): T[] {
  return tiles.toSorted((a, b) => a.grid_y - b.grid_y || a.grid_x - b.grid_x || a.id.localeCompare(b.id));
}

/**
 * The ids of figures that fill a whole row on the phone. There figures stand two by two; the last of an odd run
 * of them would leave a hole beside it.
 */
export function wideFigures(ordered: readonly Placed[]): Set<string> {
  const wide = new Set<string>();
  let run = 0;
  for (const [index, tile] of ordered.entries()) {
    run = tile.tile_type === "kpi" ? run + 1 : 0;
    const endsRun = ordered[index + 1]?.tile_type !== "kpi";
    if (run % 2 === 1 && endsRun) wide.add(tile.id);
  }
  return wide;
}
