/**
 * The results of a dashboard's tiles in this tab: one small store per dashboard, one entry per tile, filled line
 * by line from the stream. Old results stay while new ones are on their way.
 */

import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import { VIEW_ID } from "@/lib/ids";
import { toMillis } from "@/lib/time";
import { ApiError, get, isAbort, post, send, sentenceOf } from "./client";
import { lines } from "./ndjson";
import type { StreamEnd, TileData } from "./types";

export interface TileState {
  /** The latest result, which may hold the tile's own error; null before the first. */
  data: TileData | null;
  /** When the running request began (ms since 1970); null when none runs. */
  startedAt: number | null;
  /** Why no result came: the server could not be reached, or refused as a whole. */
  failure: string | null;
}

export interface Wanted {
  /** The whole page is asked for; `tile_ids` then only says whose answers we wait for. */
  page_id?: string;
  tile_ids: string[];
  refresh?: boolean;
}

/** The state of the view that results belong to, as requests say it. */
export interface Viewed {
  /** Filters and cross-filters. */
  body: Record<string, unknown>;
  /** Steps down the levels, by tile; tiles at the top are absent. */
  paths: Record<string, unknown[]>;
}

const AS_IT_OPENS: Viewed = { body: {}, paths: {} };

interface State {
  tiles: Record<string, TileState>;
}

const EMPTY: TileState = { data: null, startedAt: null, failure: null };
const KEPT_DASHBOARDS = 8;
const ENDED_EARLY = "The answer ended before this tile was ready.";

export class TileDataStore {
  readonly store: StoreApi<State> = createStore<State>(() => ({ tiles: {} }));
  private stream: AbortController | null = null;
  private viewed: Viewed = AS_IT_OPENS;
  /** The last request of a tile that runs by itself: an older answer that comes late is dropped. */
  private readonly alone = new Map<string, AbortController>();

  constructor(readonly dashboardId: string) {}

  tile(id: string): TileState {
    return this.store.getState().tiles[id] ?? EMPTY;
  }

  /** Puts a result in place, for example a preview that became the tile. */
  put(data: TileData): void {
    this.change(data.id, { data, startedAt: null, failure: null });
  }

  /** What the next runs ask for. */
  look(viewed: Viewed): void {
    this.viewed = viewed;
  }

  /** Forgets the state of the view, and the results that belong to it. */
  lookAsItOpens(): void {
    if (isEmpty(this.viewed.body) && isEmpty(this.viewed.paths)) return;
    this.stop();
    this.viewed = AS_IT_OPENS;
    this.store.setState({ tiles: {} });
  }

  /** Runs these tiles by one stream. A newer call replaces an older one, here and on the server. */
  async load(wanted: Wanted): Promise<void> {
    this.stop();
    if (wanted.tile_ids.length === 0) return;
    const stream = new AbortController();
    this.stream = stream;
    this.begin(wanted.tile_ids);
    const deep = wanted.tile_ids.filter((id) => id in this.viewed.paths);
    const flat = deep.length > 0 ? wanted.tile_ids.filter((id) => !deep.includes(id)) : wanted.tile_ids;
    const runs = deep.map((id) => this.runTile(id, wanted.refresh ?? false));
    try {
      if (flat.length > 0) {
        const asked = deep.length > 0 ? { ...wanted, page_id: undefined, tile_ids: flat } : wanted;
        await this.read(asked, stream.signal);
        this.failRunning(flat, ENDED_EARLY, stream);
      }
      await Promise.all(runs);
    } catch (error) {
      if (isAbort(error) || this.stream !== stream) return;
      this.failRunning(flat, isSuperseded(error) ? null : sentenceOf(error), stream);
    } finally {
      if (this.stream === stream) this.stream = null;
    }
  }

  /** Runs one tile by itself, past the cache unless told otherwise. Does not disturb a running stream. */
  async runTile(tileId: string, refresh = true): Promise<void> {
    this.alone.get(tileId)?.abort();
    const run = new AbortController();
    this.alone.set(tileId, run);
    this.change(tileId, { startedAt: Date.now(), failure: null });
    try {
      const data = await this.ask(tileId, refresh, run.signal);
      if (this.alone.get(tileId) === run) this.put(data);
    } catch (error) {
      if (this.alone.get(tileId) !== run) return;
      this.change(tileId, { startedAt: null, failure: isAbort(error) ? null : sentenceOf(error) });
    } finally {
      if (this.alone.get(tileId) === run) this.alone.delete(tileId);
    }
  }

  private async ask(tileId: string, refresh: boolean, signal: AbortSignal): Promise<TileData> {
    const { body, paths } = this.viewed;
    const path = `/api/dashboards/${this.dashboardId}`;
    const steps = paths[tileId];
    if (steps && !refresh)
      return post(
        `${path}/tiles/${tileId}/drill`,
        { ...body, drill_path: steps },
        { signal, headers: { "X-Tesela-View": VIEW_ID } },
      );
    if (!steps && isEmpty(body)) return get(`${path}/tiles/${tileId}/data`, { refresh }, signal);
    const asked = { ...body, ...(steps && { drill_path: steps }), tile_ids: [tileId], refresh };
    const { tiles } = await post<{ tiles: TileData[] }>(`${path}/data`, asked, { signal });
    const [data] = tiles;
    if (!data) throw new Error(ENDED_EARLY);
    return data;
  }

  /** Gives up waiting; the server then stops queries nobody else waits for. */
  stop(): void {
    this.stream?.abort();
    this.stream = null;
    for (const run of this.alone.values()) run.abort();
    this.alone.clear();
    const { tiles } = this.store.getState();
    for (const [id, tile] of Object.entries(tiles)) {
      if (tile.startedAt !== null) this.change(id, { startedAt: null });
    }
  }

  private async read(wanted: Wanted, signal: AbortSignal): Promise<void> {
    const response = await send(`/api/dashboards/${this.dashboardId}/data/stream`, {
      method: "POST",
      body: {
        ...this.viewed.body,
        ...(wanted.page_id ? { page_id: wanted.page_id } : { tile_ids: wanted.tile_ids }),
        refresh: wanted.refresh,
      },
      signal,
      headers: { Accept: "application/x-ndjson", "X-Tesela-View": VIEW_ID },
    });
    if (!response.body) return;
    for await (const line of lines<TileData | StreamEnd>(response.body)) {
      if (signal.aborted) return;
      if ("done" in line) return;
      this.put(line);
    }
  }

  private begin(ids: string[]): void {
    const startedAt = Date.now();
    this.store.setState(({ tiles }) => {
      const next = { ...tiles };
      for (const id of ids) next[id] = { ...(tiles[id] ?? EMPTY), startedAt, failure: null };
      return { tiles: next };
    });
  }

  private failRunning(ids: string[], failure: string | null, stream: AbortController): void {
    if (this.stream !== stream) return;
    for (const id of ids) if (this.tile(id).startedAt !== null) this.change(id, { startedAt: null, failure });
  }

  private change(id: string, change: Partial<TileState>): void {
    this.store.setState(({ tiles }) => ({
      tiles: { ...tiles, [id]: { ...(tiles[id] ?? EMPTY), ...change } },
    }));
  }
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}

function isSuperseded(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409;
}

const stores = new Map<string, TileDataStore>();

/** The results of this dashboard; the ones seen last are kept, so that going back shows them at once. */
export function tileDataOf(dashboardId: string): TileDataStore {
  let found = stores.get(dashboardId);
  if (found) stores.delete(dashboardId);
  found ??= new TileDataStore(dashboardId);
  stores.set(dashboardId, found);
  for (const [id, store] of stores) {
    if (stores.size <= KEPT_DASHBOARDS) break;
    store.stop();
    stores.delete(id);
  }
  return found;
}

/** Forgets every result: another person may log in on this machine. */
export function forgetTileData(): void {
  for (const store of stores.values()) store.stop();
  stores.clear();
}

export function useTileState(data: TileDataStore, tileId: string): TileState {
  return useStore(data.store, (state) => state.tiles[tileId] ?? EMPTY);
}

/** Whether any of these tiles is running. */
export function useIsRunning(data: TileDataStore, tileIds: string[]): boolean {
  return useStore(data.store, (state) => tileIds.some((id) => state.tiles[id]?.startedAt != null));
}

/** The oldest moment any of these tiles was computed (ISO 8601), or null before the first. */
export function useOldest(data: TileDataStore, tileIds: string[]): string | null {
  return useStore(data.store, (state) => oldest(tileIds.map((id) => state.tiles[id]?.data?.executed_at)));
}

export function oldest(times: (string | null | undefined)[]): string | null {
  let found: string | null = null;
  for (const time of times) {
    const millis = toMillis(time);
    const best = toMillis(found);
    if (time && millis !== null && (best === null || millis < best)) found = time;
  }
  return found;
}
