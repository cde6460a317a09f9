/** Runs the tiles of the page shown: once, on demand, and by the clock. */

import { useEffect, useMemo, useRef, useState } from "react";
import { type TileDataStore, tileDataOf } from "@/api/tile-data";
import type { Dashboard, Tile } from "@/api/types";

export interface TileRuns {
  data: TileDataStore;
  /** The tiles of the page shown that have a query. */
  ids: string[];
  /** Runs every tile again, past the cache. */
  refresh: () => void;
  isPaused: boolean;
  setPaused: (paused: boolean) => void;
}

export function useTileRuns(
  dashboard: Dashboard,
  pageId: string | undefined,
  tiles: Tile[],
  active: boolean,
): TileRuns {
  const data = useMemo(() => tileDataOf(dashboard.id), [dashboard.id]);
  const key = tiles
    .filter((tile) => tile.tile_type !== "text")
    .map((tile) => tile.id)
    .join(",");
  const ids = useMemo(() => (key ? key.split(",") : []), [key]);
  const [isPaused, setPaused] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version means changed tiles, so it runs again
  useEffect(() => {
    if (!active) return;
    void data.load({ page_id: pageId, tile_ids: ids });
    return () => data.stop();
  }, [data, pageId, ids, dashboard.version, active]);

  const load = (refresh: boolean) => data.load({ page_id: pageId, tile_ids: ids, refresh });
  useClock(active && !isPaused ? dashboard.refresh_interval_seconds : null, () => load(false));

  return { data, ids, refresh: () => void load(true), isPaused, setPaused };
}

/**
 * Calls `run` every so many seconds, counted from the end of the run before, so that runs never overlap. In a
 * hidden tab nothing runs; what came due meanwhile runs when the tab is seen again.
 */
export function useClock(everySeconds: number | null, run: () => Promise<void>): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!everySeconds) return;
    let stopped = false;
    let isDue = false;
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      timer = setTimeout(tick, everySeconds * 1000);
    };
    const tick = async () => {
      isDue = document.hidden;
      if (isDue) return;
      await latest.current();
      if (!stopped) wait();
    };
    const seen = () => {
      if (!document.hidden && isDue) void tick();
    };
    wait();
    document.addEventListener("visibilitychange", seen);
    return () => {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [everySeconds]);
}
