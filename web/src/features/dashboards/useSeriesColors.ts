/** One name, one colour: tiles of a page that split by the same column share their colours. */

import { useMemo } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import type { TileDataStore } from "@/api/tile-data";
import type { Tile } from "@/api/types";
import { colorField, dashboardColors } from "@/charts/colors";

export type ColorIndex = (name: string) => number | undefined;

const fieldOf = (tile: Tile) =>
  tile.tile_type === "chart" ? colorField(tile.chart_type, tile.chart_config) : undefined;

/** The tiles that colour the same column as another one. The rest need no agreement, and are not drawn again for it. */
export function sharingTiles(tiles: readonly Tile[]): Tile[] {
  const counts = new Map<unknown, number>();
  for (const tile of tiles) {
    const field = fieldOf(tile);
    if (field) counts.set(field, (counts.get(field) ?? 0) + 1);
  }
  return tiles.filter((tile) => (counts.get(fieldOf(tile)) ?? 0) > 1);
}

/** The colours of a tile, known when all that share them have their rows: an order by arrival would change each time. */
export function useSeriesColors(
  data: TileDataStore,
  tiles: readonly Tile[],
): (tile: Tile) => ColorIndex | undefined {
  const members = useMemo(() => sharingTiles(tiles), [tiles]);
  const results = useStore(
    data.store,
    useShallow((state) => members.map((tile) => state.tiles[tile.id]?.data ?? null)),
  );
  return useMemo(() => {
    if (members.length === 0 || results.includes(null)) return () => undefined;
    const colored = members.flatMap((tile, at) => {
      const result = results[at];
      if (!result?.data) return [];
      return [
        { type: tile.chart_type, config: tile.chart_config, table: { ...result.data, types: result.types } },
      ];
    });
    const colors = dashboardColors(colored);
    const ids = new Set(members.map((tile) => tile.id));
    return (tile: Tile) => (ids.has(tile.id) ? colors : undefined);
  }, [members, results]);
}
