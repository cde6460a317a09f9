import { afterEach, describe, expect, test, vi } from "vitest";
import { oldest, TileDataStore, tileDataOf } from "./tile-data";
import type { TileData } from "./types";

function result(id: string, extra: Partial<TileData> = {}): TileData {
  return {
    id,
    title: id,
    tile_type: "chart",
    data: { columns: ["n"], rows: [{ n: 1 }] },
    error: null,
    error_code: null,
    executed_at: "2026-11-21T12:00:00Z",
    types: { n: "int" },
    row_count: 1,
    truncated: false,
    cache: "fresh",
    duration_ms: 3,
    warnings: [],
    ...extra,
  };
}

/** A stream that the test feeds by hand. */
function feed() {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
  });
  return {
    body,
    send: (text: string) => controller?.enqueue(encoder.encode(text)),
    end: () => controller?.close(),
  };
}

const END = `${JSON.stringify({ done: true, tiles: 1, duration_ms: 1 })}\n`;

function line(data: TileData): string {
  return `${JSON.stringify(data)}\n`;
}

afterEach(() => vi.unstubAllGlobals());

describe("a stream", () => {
  test("fills each tile as its line arrives, also when a line is cut in two", async () => {
    const stream = feed();
    vi.stubGlobal("fetch", async () => new Response(stream.body));
    const store = new TileDataStore("d");
    const whole = line(result("a"));

    const loading = store.load({ page_id: "p", tile_ids: ["a", "b"] });
    stream.send(whole.slice(0, 20));
    stream.send(whole.slice(20));
    await vi.waitFor(() => expect(store.tile("a").data?.row_count).toBe(1));

    expect(store.tile("b").startedAt).not.toBeNull();
    stream.send(line(result("b")) + END);
    await loading;
    expect(store.tile("b")).toMatchObject({ startedAt: null, failure: null, data: { id: "b" } });
  });

  test("that ends too early leaves a reason with the tiles that never came", async () => {
    const stream = feed();
    vi.stubGlobal("fetch", async () => new Response(stream.body));
    const store = new TileDataStore("d");

    const loading = store.load({ tile_ids: ["a", "b"] });
    stream.send(line(result("a")));
    stream.end();
    await loading;

    expect(store.tile("a").failure).toBeNull();
    expect(store.tile("b").failure).toContain("ended before");
  });

  test("asks for a whole page by its id, and for single tiles by theirs", async () => {
    const bodies: unknown[] = [];
    vi.stubGlobal("fetch", async (_path: string, init: RequestInit) => {
      bodies.push(JSON.parse(String(init.body)));
      return new Response(END);
    });
    const store = new TileDataStore("d");

    await store.load({ page_id: "p", tile_ids: ["a"], refresh: true });
    await store.load({ tile_ids: ["a"] });

    expect(bodies).toEqual([{ page_id: "p", refresh: true }, { tile_ids: ["a"] }]);
  });
});

describe("old results", () => {
  test("stay while new ones run and when these fail", async () => {
    const store = new TileDataStore("d");
    store.put(result("a"));
    vi.stubGlobal("fetch", async () =>
      Response.json({ detail: "Too many queries are waiting." }, { status: 429 }),
    );

    await store.load({ tile_ids: ["a"] });

    expect(store.tile("a")).toMatchObject({
      data: { row_count: 1 },
      startedAt: null,
      failure: "Too many queries are waiting.",
    });
  });

  test("a newer request takes over without a word of failure", async () => {
    const store = new TileDataStore("d");
    const first = feed();
    const streams = [new Response(first.body), new Response(line(result("a")) + END)];
    vi.stubGlobal("fetch", async () => streams.shift());

    const older = store.load({ tile_ids: ["a"] });
    await store.load({ tile_ids: ["a"] });
    first.send(line(result("a", { row_count: 99 })));
    first.end();
    await older;

    expect(store.tile("a")).toMatchObject({ data: { row_count: 1 }, failure: null, startedAt: null });
  });
});

test("one tile can be run again by itself", async () => {
  const fetch = vi.fn(async () => Response.json(result("a", { row_count: 5 })));
  vi.stubGlobal("fetch", fetch);
  const store = new TileDataStore("d");

  await store.runTile("a");

  expect(fetch).toHaveBeenCalledWith("/api/dashboards/d/tiles/a/data?refresh=true", expect.anything());
  expect(store.tile("a").data?.row_count).toBe(5);
});

test("going back to a dashboard finds its results", () => {
  tileDataOf("one").put(result("a"));
  for (const id of ["two", "three"]) tileDataOf(id);

  expect(tileDataOf("one").tile("a").data).not.toBeNull();
});

test("the age of a page is that of its oldest tile", () => {
  expect(oldest([null, "2026-11-21T12:00:00Z", "2026-11-21T11:00:00Z", undefined])).toBe(
    "2026-11-21T11:00:00Z",
  );
  expect(oldest([])).toBeNull();
});
