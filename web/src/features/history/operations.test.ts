import { produce } from "immer";
import { describe, expect, test } from "vitest";
import { type DashboardDocument, isSame, toDocument } from "./document";
import * as edits from "./edits";
import { dashboard, tile } from "./fixtures";
import { applied, operations, rolledBackTo } from "./operations";

const server = toDocument(dashboard());

function documentAfter(...list: edits.Edit[]): DashboardDocument {
  return list.reduce((document, edit) => produce(document, (draft) => edit.recipe(draft)), server);
}

function get(document: DashboardDocument, id: string) {
  const found = document.tiles[id];
  if (!found) throw new Error(`no tile ${id}`);
  return found;
}

function page(id: string) {
  const found = server.pages[id];
  if (!found) throw new Error(`no page ${id}`);
  return found;
}

/** Every list of calls must end in what the person sees. */
function calls(wanted: DashboardDocument) {
  const list = operations(server, wanted);
  expect(isSame(list.reduce(applied, server), wanted)).toBe(true);
  return list;
}

describe("from edits to calls", () => {
  test("no edit is no call", () => {
    expect(calls(server)).toEqual([]);
  });

  test("a new tile is created where it lies, with its own id", () => {
    const wanted = documentAfter(edits.addTile(tile("new", { grid_x: undefined, grid_y: undefined })));

    expect(calls(wanted)).toEqual([{ kind: "tile.create", tile: tile("new", { grid_x: 0, grid_y: 4 }) }]);
  });

  test("a changed query is one call with that field only", () => {
    const wanted = documentAfter(edits.changeTile(get(server, "a"), { query: "SELECT 2" }));

    expect(calls(wanted)).toEqual([{ kind: "tile.update", id: "a", changes: { query: "SELECT 2" } }]);
  });

  test("a move is one bulk layout with all tiles of the page", () => {
    const wanted = documentAfter(edits.placeTile(get(server, "a"), { x: 3, y: 0, w: 6, h: 4 }));

    expect(calls(wanted)).toEqual([
      {
        kind: "layout",
        placements: [
          { tile_id: "a", page_id: "p1", grid_x: 3, grid_y: 0, grid_w: 6, grid_h: 4 },
          { tile_id: "b", page_id: "p1", grid_x: 6, grid_y: 4, grid_w: 6, grid_h: 4 },
        ],
      },
    ]);
  });

  test("a duplicate that pushes needs no second call, for the server pushes by the same rule", () => {
    const wanted = documentAfter(
      edits.addTile(tile("low", { grid_y: 4 })),
      edits.duplicateTile(get(server, "a"), "copy"),
    );

    expect(calls(wanted).map((call) => call.kind)).toEqual(["tile.create", "tile.create"]);
    expect(get(wanted, "copy")).toMatchObject({ title: "a (copy)", grid_x: 0, grid_y: 4 });
    expect(get(wanted, "low")).toMatchObject({ grid_x: 0, grid_y: 8 });
  });

  test("a duplicate lies beside the original where there is room", () => {
    const wanted = documentAfter(
      edits.deleteTile(get(server, "b")),
      edits.duplicateTile(get(server, "a"), "copy"),
    );

    expect(get(wanted, "copy")).toMatchObject({ grid_x: 6, grid_y: 0 });
  });

  test("a tile that goes to a new page waits until the page exists", () => {
    const fresh = { id: "p3", name: "New" };
    const wanted = documentAfter(edits.addPage(fresh), edits.moveToPage(get(server, "a"), fresh));

    expect(calls(wanted).map((call) => call.kind)).toEqual(["page.create", "layout"]);
  });

  test("a page takes its tiles with it, but not those that moved away before", () => {
    const wanted = documentAfter(
      edits.moveToPage(get(server, "b"), page("p2")),
      edits.deletePage(page("p1")),
    );

    expect(calls(wanted).map((call) => call.kind)).toEqual(["layout", "page.delete"]);
    expect(Object.keys(wanted.tiles).sort()).toEqual(["b", "c"]);
  });

  test("pages are renamed and put in order", () => {
    const wanted = documentAfter(edits.renamePage(page("p2"), "More"), edits.movePage(page("p2"), -1));

    expect(calls(wanted)).toEqual([
      { kind: "page.rename", id: "p2", name: "More" },
      { kind: "page.order", ids: ["p2", "p1"] },
    ]);
  });

  test("settings of the dashboard are one call with what changed", () => {
    const wanted = documentAfter(edits.changeDashboard({ name: "Sales 2", tags: ["q1"], description: null }));

    expect(calls(wanted)).toEqual([{ kind: "dashboard.update", changes: { name: "Sales 2", tags: ["q1"] } }]);
  });

  test("the last page stays", () => {
    const wanted = documentAfter(edits.deletePage(page("p1")), edits.deletePage(page("p2")));

    expect(wanted.pageOrder).toEqual(["p2"]);
  });

  test("any mixture of edits ends in the same document", () => {
    const wanted = documentAfter(
      edits.addPage({ id: "p3", name: "New" }),
      edits.deleteTile(get(server, "a")),
      edits.addTile(tile("x", { page_id: "p3" })),
      edits.addTile(tile("y", { page_id: "p1", grid_x: 4, grid_y: 1 })),
      edits.changeTile(get(server, "b"), { title: "B", chart_config: {} }),
      edits.movePage({ id: "p3", name: "New" }, -1),
      edits.movePage({ id: "p3", name: "New" }, -1),
      edits.deletePage(page("p2")),
    );

    expect(calls(wanted).map((call) => call.kind)).toEqual([
      "page.create",
      "tile.delete",
      "tile.create",
      "tile.create",
      "tile.update",
      "page.delete",
      "page.order",
    ]);
  });
});

describe("a refused call", () => {
  test("takes a new tile away again and leaves the rest", () => {
    const wanted = documentAfter(
      edits.addTile(tile("new")),
      edits.changeTile(get(server, "b"), { title: "B" }),
    );

    const { document, subjects } = rolledBackTo(server, wanted, {
      kind: "tile.create",
      tile: get(wanted, "new"),
    });

    expect(Object.keys(document.tiles).sort()).toEqual(["a", "b", "c"]);
    expect(document.tiles.b?.title).toBe("B");
    expect(subjects).toEqual(["tiles/new"]);
  });

  test("gives a tile the server's words back", () => {
    const changes = { query: "DROP TABLE t" };
    const wanted = documentAfter(edits.changeTile(get(server, "a"), changes));

    expect(rolledBackTo(server, wanted, { kind: "tile.update", id: "a", changes }).document).toEqual(server);
  });

  test("brings a deleted tile back, below what lies there now", () => {
    const wanted = documentAfter(
      edits.deleteTile(get(server, "a")),
      edits.placeTile(get(server, "b"), { x: 0, y: 0, w: 6, h: 4 }),
    );

    const { document } = rolledBackTo(server, wanted, { kind: "tile.delete", id: "a" });

    expect(document.tiles.a?.title).toBe("a");
    expect(operations(server, document).length).toBeGreaterThan(0);
  });

  test("brings a page back with its tiles", () => {
    const wanted = documentAfter(edits.deletePage(page("p1")));

    expect(rolledBackTo(server, wanted, { kind: "page.delete", id: "p1" }).document).toEqual(server);
  });

  test("puts tiles back where they were", () => {
    const wanted = documentAfter(edits.placeTile(get(server, "a"), { x: 3, y: 0, w: 6, h: 4 }));
    const [layout] = operations(server, wanted);
    if (!layout) throw new Error("a move must be a call");

    expect(rolledBackTo(server, wanted, layout).document).toEqual(server);
  });

  test("gives the dashboard its name back", () => {
    const changes = { name: "" };
    const wanted = documentAfter(edits.changeDashboard(changes), edits.changeDashboard({ tags: ["kept"] }));

    const { document } = rolledBackTo(server, wanted, { kind: "dashboard.update", changes });

    expect(document).toEqual({ ...server, tags: ["kept"] });
  });
});
