/** The results of a dashboard's tiles as another person gets them: asked for all at once, never kept. */

import { isAbort, sentenceOf } from "@/api/client";
import { type SeenDashboard, type SeenTile, viewAs } from "@/api/queries/policies";
import { TileDataStore, type Viewed, type Wanted } from "@/api/tile-data";
import type { Tile } from "@/api/types";

/** Rows of a tile without any policy, and with the person's. */
export type Counts = Readonly<Record<string, Pick<SeenTile, "rows_before" | "rows_after">>>;

/** Where the store keeps why the whole page was refused; no tile has this id. */
export const REFUSAL = "";

export class SeenStore extends TileDataStore {
  private asking: AbortController | null = null;
  private body: Record<string, unknown> = {};
  private last: Wanted = { tile_ids: [] };

  constructor(
    dashboardId: string,
    readonly userId: string,
    readonly onSeen: (seen: SeenDashboard) => void,
  ) {
    super(dashboardId);
  }

  override look(viewed: Viewed): void {
    this.body = viewed.body;
  }

  override async load(wanted: Wanted): Promise<void> {
    this.stop();
    const mine = new AbortController();
    this.asking = mine;
    this.last = wanted;
    this.mark([...wanted.tile_ids, REFUSAL], { startedAt: Date.now(), failure: null });
    try {
      const asked = { ...this.body, page_id: wanted.page_id };
      const seen = await viewAs(
        { ...asked, user_id: this.userId, dashboard_id: this.dashboardId },
        mine.signal,
      );
      if (this.asking !== mine) return;
      this.onSeen(seen);
      for (const tile of seen.tiles) this.put(tile);
      this.mark(wanted.tile_ids, { startedAt: null });
    } catch (error) {
      if (isAbort(error) || this.asking !== mine) return;
      this.mark(wanted.tile_ids, { startedAt: null });
      this.mark([REFUSAL], { startedAt: null, failure: sentenceOf(error) });
    } finally {
      if (this.asking === mine) this.asking = null;
    }
  }

  /** There is no asking for one tile: the page is seen as a whole. */
  override runTile(): Promise<void> {
    return this.load(this.last);
  }

  override stop(): void {
    this.asking?.abort();
    this.asking = null;
  }

  private mark(ids: readonly string[], change: { startedAt: number | null; failure?: string | null }): void {
    this.store.setState(({ tiles }) => {
      const next = { ...tiles };
      for (const id of ids) next[id] = { ...this.tile(id), ...change };
      return { tiles: next };
    });
  }
}

/** A tile without what would ask the server with the admin's own rights: levels and the rows behind a click. */
export function plain(tile: Tile): Tile {
  const {
    drill_levels: _levels,
    drilldown: _drilldown,
    detail_query: _detail,
    ...chart_config
  } = tile.chart_config;
  return { ...tile, chart_config };
}
