/**
 * The results behind the tiles while they are edited: the same store the reader's view fills. A tile whose
 * query changed (saved, undone, redone) is run again once the server has it.
 */

import { useEffect, useMemo, useRef } from "react";
import { type TileDataStore, tileDataOf } from "@/api/tile-data";
import type { TileData } from "@/api/types";
import type { TileDoc } from "../history";
import { isSameSource, type Source, sourceOf } from "./useTileRun";

export interface TileResults {
  data: TileDataStore;
  /** Takes a result that is known already: a preview that was saved, the original of a copy. */
  adopt: (tile: TileDoc, result: TileData) => void;
}

/** isSaved: the server has what the person sees. */
export function useTileResults(
  dashboardId: string,
  tiles: readonly TileDoc[],
  isSaved: boolean,
): TileResults {
  const data = useMemo(() => tileDataOf(dashboardId), [dashboardId]);
  const known = useRef(new Map<string, Source>());

  // Tiles are edited as the dashboard opens: what a reader filtered or drilled before is no part of it.
  useEffect(() => data.lookAsItOpens(), [data]);

  useEffect(() => {
    if (!isSaved) return;
    const missing: string[] = [];
    for (const tile of tiles) {
      if (tile.tile_type === "text") continue;
      const seen = known.current.get(tile.id);
      if (seen && isSameSource(seen, tile)) continue;
      known.current.set(tile.id, sourceOf(tile));
      if (seen) void data.runTile(tile.id, false);
      else if (data.tile(tile.id).data === null) missing.push(tile.id);
    }
    if (missing.length > 0) void data.load({ tile_ids: missing });
  }, [data, tiles, isSaved]);

  return useMemo(
    () => ({
      data,
      adopt: (tile, result) => {
        known.current.set(tile.id, sourceOf(tile));
        data.put({ ...result, id: tile.id, title: tile.title, tile_type: tile.tile_type });
      },
    }),
    [data],
  );
}
