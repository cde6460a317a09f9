/** Runs the tiles of the page shown: once, on demand, and by the clock. */

import { useEffect, useMemo, useRef, useState } from "react";
import { type TileDataStore, tileDataOf, type Viewed } from "@/api/tile-data";
import type { Dashboard, Tile } from "@/api/types";
import { drillSteps, viewBody } from "@/interaction/body";
import { pathOf, type ViewState } from "@/interaction/state";

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
  state: ViewState,
  active: boolean,
  given?: TileDataStore,
): TileRuns {
  const data = useMemo(() => given ?? tileDataOf(dashboard.id), [dashboard.id, given]);
  const key = tiles
    .filter((tile) => tile.tile_type !== "text")
    .map((tile) => tile.id)
    .join(",");
  const ids = useMemo(() => (key ? key.split(",") : []), [key]);
  const [isPaused, setPaused] = useState(false);

  const viewed = useMemo(() => viewedIn(state, dashboard.tiles), [state, dashboard.tiles]);
  const last = useRef<{ whole: string; paths: Record<string, unknown[]> } | null>(null);
  // What changes the whole page; a step down a tile's levels runs that tile alone.
  const whole = JSON.stringify([pageId, ids, dashboard.version, viewed.body]);
  useEffect(() => {
    if (!active) return;
    const before = last.current;
    last.current = { whole, paths: viewed.paths };
    data.look(viewed);
    if (before?.whole !== whole) {
      void data.load({ page_id: pageId, tile_ids: ids });
      return;
    }
    for (const id of movedIn(before.paths, viewed.paths)) void data.runTile(id, false);
  }, [data, pageId, ids, whole, viewed, active]);
  useEffect(
    () => () => {
      last.current = null;
      data.stop();
    },
    [data],
  );

  const load = (refresh: boolean) => data.load({ page_id: pageId, tile_ids: ids, refresh });
  useClock(active && !isPaused ? dashboard.refresh_interval_seconds : null, () => load(false));

  return { data, ids, refresh: () => void load(true), isPaused, setPaused };
}

function viewedIn(state: ViewState, tiles: readonly Tile[]): Viewed {
  const paths: Record<string, unknown[]> = {};
  for (const tile of tiles) {
    const steps = drillSteps(tile, pathOf(state, tile.id));
    if (steps.length > 0) paths[tile.id] = steps;
  }
  return { body: { ...viewBody(state) }, paths };
}

/** The tiles whose paths differ. */
function movedIn(before: Record<string, unknown[]>, after: Record<string, unknown[]>): string[] {
  const ids = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...ids].filter((id) => JSON.stringify(before[id]) !== JSON.stringify(after[id]));
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
