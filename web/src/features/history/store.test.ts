import { describe, expect, test } from "vitest";
import { type LoadedDashboard, toDocument } from "./document";
import * as edits from "./edits";
import { dashboard, tile } from "./fixtures";
import { applied, type Operation } from "./operations";
import { CallFailed, type Saver, type Sent } from "./saveQueue";
import { createEditing, type EditingStore } from "./store";

/** A server that keeps one document, counts versions and answers what a test tells it to. */
class FakeServer implements Saver {
  readonly calls: Operation[] = [];
  loaded: LoadedDashboard = dashboard();
  /** Consumed one by one: an error instead of an answer; "lost" writes but loses the answer. */
  readonly failures: (CallFailed | "lost" | null)[] = [];
  pageIds: string[] = [];

  async send(operation: Operation, version: number): Promise<Sent> {
    this.calls.push(operation);
    const failure = this.failures.shift() ?? null;
    if (failure instanceof CallFailed) throw failure;
    if (version !== this.loaded.version) throw new CallFailed(409, "The dashboard has changed");
    const pageId = operation.kind === "page.create" ? this.pageIds.shift() : undefined;
    this.write(operation);
    if (failure === "lost") throw new CallFailed(null, "no answer");
    return { version: this.loaded.version, pageId };
  }

  async load(): Promise<LoadedDashboard> {
    return this.loaded;
  }

  write(operation: Operation): void {
    const next = applied(toDocument(this.loaded), operation);
    this.loaded = {
      ...this.loaded,
      ...next,
      version: this.loaded.version + 1,
      pages: next.pageOrder.map((id, page_order) => ({ id, name: next.pages[id]?.name ?? "", page_order })),
      tiles: Object.values(next.tiles),
    };
  }

  get kinds(): string[] {
    return this.calls.map((call) => call.kind);
  }
}

/** Timers that run when a test says so. */
class ManualTimers {
  private due: { run: () => void; delayMs: number }[] = [];

  readonly schedule = (run: () => void, delayMs: number) => {
    const entry = { run, delayMs };
    this.due.push(entry);
    return () => {
      this.due = this.due.filter((other) => other !== entry);
    };
  };

  get delays(): number[] {
    return this.due.map((entry) => entry.delayMs);
  }

  async fire(): Promise<void> {
    const list = this.due;
    this.due = [];
    for (const entry of list) entry.run();
    await new Promise((done) => setTimeout(done, 0));
    await new Promise((done) => setTimeout(done, 0));
  }
}

function setup(): { server: FakeServer; timers: ManualTimers; store: EditingStore; now: { ms: number } } {
  const server = new FakeServer();
  const timers = new ManualTimers();
  const now = { ms: 0 };
  const store = createEditing(server.loaded, server, { schedule: timers.schedule, clock: () => now.ms });
  return { server, timers, store, now };
}

function tilesOf(store: EditingStore) {
  return store.getState().timeline.document.tiles;
}

describe("saving in the background", () => {
  test("an edit shows at once and is saved a moment later", async () => {
    const { server, timers, store } = setup();

    store.getState().edit(edits.changeTile(tile("a"), { title: "Revenue" }));

    expect(tilesOf(store).a?.title).toBe("Revenue");
    expect(store.getState().save).toEqual({ kind: "saving" });
    expect(server.calls).toEqual([]);
    await timers.fire();
    expect(server.calls).toEqual([{ kind: "tile.update", id: "a", changes: { title: "Revenue" } }]);
    expect(store.getState().save).toEqual({ kind: "saved" });
  });

  test("an undo before the save costs no call", async () => {
    const { server, timers, store } = setup();

    store.getState().edit(edits.deleteTile(tile("a")));
    store.getState().undo();
    await timers.fire();

    expect(server.calls).toEqual([]);
    expect(store.getState().save).toEqual({ kind: "saved" });
  });

  test("undoing a saved delete makes the tile again with the same id", async () => {
    const { server, store } = setup();

    store.getState().edit(edits.deleteTile(tile("a")));
    await store.getState().flush();
    store.getState().undo();
    await store.getState().flush();

    expect(server.calls).toEqual([
      { kind: "tile.delete", id: "a" },
      { kind: "tile.create", tile: tile("a") },
    ]);
    expect(toDocument(server.loaded)).toEqual(toDocument(dashboard()));
  });

  test("versions chain from call to call", async () => {
    const { server, store } = setup();

    store.getState().edit(edits.changeDashboard({ name: "X" }));
    store.getState().edit(edits.deleteTile(tile("a")));
    store.getState().edit(edits.addTile(tile("n", { grid_x: 0, grid_y: 0 })));
    await store.getState().flush();

    expect(server.kinds).toEqual(["dashboard.update", "tile.delete", "tile.create"]);
    expect(server.loaded.version).toBe(4);
  });

  test("edits made while a save runs are saved after it", async () => {
    const { server, store } = setup();

    store.getState().edit(edits.changeDashboard({ name: "X" }));
    const saving = store.getState().flush();
    store.getState().edit(edits.changeDashboard({ name: "XY" }));
    await saving;
    await store.getState().flush();

    expect(server.loaded.name).toBe("XY");
    expect(store.getState().isDirty()).toBe(false);
  });

  test("a page keeps working under the id the server gave it", async () => {
    const { server, store } = setup();
    server.pageIds = [];
    server.send = async (operation, version) => {
      const renamed: Operation =
        operation.kind === "page.create"
          ? { ...operation, page: { ...operation.page, id: "theirs" } }
          : operation;
      const sent = await FakeServer.prototype.send.call(server, renamed, version);
      return operation.kind === "page.create" ? { ...sent, pageId: "theirs" } : sent;
    };

    store.getState().edit(edits.addPage({ id: "mine", name: "New" }));
    store.getState().edit(edits.addTile(tile("n", { page_id: "mine" })));
    await store.getState().flush();

    expect(tilesOf(store).n?.page_id).toBe("theirs");
    expect(store.getState().renamedPages).toEqual({ mine: "theirs" });
    expect(server.loaded.tiles.find((one) => one.id === "n")?.page_id).toBe("theirs");
  });
});

describe("when the server does not answer", () => {
  test("the edit is kept, retried with growing pauses, and saved in the end", async () => {
    const { server, timers, store } = setup();
    server.failures.push(new CallFailed(null, "no network"), new CallFailed(503, "busy"));

    store.getState().edit(edits.changeTile(tile("a"), { title: "A" }));
    await timers.fire();
    expect(store.getState().save.kind).toBe("waiting");
    expect(timers.delays).toEqual([1_000]);
    await timers.fire();
    expect(timers.delays).toEqual([2_000]);
    await timers.fire();

    expect(store.getState().save).toEqual({ kind: "saved" });
    expect(tilesOf(store).a?.title).toBe("A");
    expect(server.loaded.tiles.find((one) => one.id === "a")?.title).toBe("A");
  });

  test("a write whose answer was lost is not taken for somebody else's", async () => {
    const { server, timers, store } = setup();
    server.failures.push("lost");

    store.getState().edit(edits.addTile(tile("n", { grid_x: 0, grid_y: 4 })));
    await timers.fire();
    await timers.fire();

    expect(store.getState().save).toEqual({ kind: "saved" });
    expect(server.loaded.version).toBe(2);
  });

  test("a server error that stays is a refusal, so that it cannot block the rest for ever", async () => {
    const { server, timers, store } = setup();
    for (let i = 0; i < 4; i += 1) server.failures.push(new CallFailed(500, "Something went wrong"));

    store.getState().edit(edits.changeTile(tile("a"), { title: "A" }));
    for (let i = 0; i < 4; i += 1) await timers.fire();

    expect(store.getState().refusal?.message).toBe("Something went wrong");
    expect(tilesOf(store).a?.title).toBe("a");
  });
});

describe("when the server says no", () => {
  test("that edit is rolled back with its sentence, the next ones are saved", async () => {
    const { server, store } = setup();
    server.failures.push(null, new CallFailed(400, "Only one SELECT is allowed", 1, 5));

    store.getState().edit(edits.changeDashboard({ name: "Kept" }));
    store.getState().edit(edits.changeTile(tile("a"), { query: "DROP TABLE t" }));
    store.getState().edit(edits.changeTile(tile("b"), { title: "B" }));
    const outcome = await store.getState().flush();

    expect(outcome.state).toEqual({ kind: "saved" });
    expect(outcome.refusals).toMatchObject([{ message: "Only one SELECT is allowed", line: 1, column: 5 }]);
    expect(tilesOf(store).a?.query).toBe("SELECT 1 AS n");
    expect(server.loaded.name).toBe("Kept");
    expect(server.loaded.tiles.find((one) => one.id === "b")?.title).toBe("B");
    expect(store.getState().timeline.past.map((step) => step.label)).toEqual([
      "Rename dashboard",
      "Edit 'B'",
    ]);
  });

  test("somebody else's change stops the saving and offers theirs", async () => {
    const { server, timers, store } = setup();
    server.write({ kind: "dashboard.update", changes: { name: "Theirs" } });

    store.getState().edit(edits.changeTile(tile("a"), { title: "A" }));
    await timers.fire();

    expect(store.getState().save.kind).toBe("conflict");
    expect(tilesOf(store).a?.title).toBe("A");
    await store.getState().reload();
    expect(store.getState().timeline.document.name).toBe("Theirs");
    expect(tilesOf(store).a?.title).toBe("a");
    expect(store.getState().save).toEqual({ kind: "saved" });
  });

  test("a version that moved without a change of the document is taken up", async () => {
    const { server, store } = setup();
    server.loaded = { ...server.loaded, version: 7 };

    store.getState().edit(edits.changeTile(tile("a"), { title: "A" }));
    const outcome = await store.getState().flush();

    expect(outcome).toEqual({ state: { kind: "saved" }, refusals: [] });
    expect(server.loaded.version).toBe(8);
  });

  test("signed out keeps the edits and waits", async () => {
    const { server, timers, store } = setup();
    server.failures.push(new CallFailed(401, "Sign in"));

    store.getState().edit(edits.changeTile(tile("a"), { title: "A" }));
    await timers.fire();

    expect(store.getState().save).toMatchObject({ kind: "waiting" });
    await timers.fire();
    expect(store.getState().save).toEqual({ kind: "saved" });
  });
});
