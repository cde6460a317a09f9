import { describe, expect, test } from "vitest";
import { toDocument } from "./document";
import * as edits from "./edits";
import { dashboard, tile } from "./fixtures";
import {
  edited,
  GROUP_MS,
  MAX_STEPS,
  redone,
  renamedId,
  rolledBack,
  started,
  type Timeline,
  undone,
} from "./timeline";

const loaded = toDocument(dashboard());
const start = started(loaded);

function rename(timeline: Timeline, title: string): edits.Edit {
  const target = timeline.document.tiles.a;
  if (!target) throw new Error("no tile a");
  return { ...edits.changeTile(target, { title }), group: "title:a" };
}

describe("undo and redo", () => {
  test("walk back and forth over every kind of edit", () => {
    const list: edits.Edit[] = [
      edits.addTile(tile("new", { grid_x: 3, grid_y: 1 })),
      edits.placeTile(tile("a"), { x: 4, y: 0, w: 8, h: 2 }),
      edits.duplicateTile(tile("c", { page_id: "p2" }), "copy"),
      edits.changeTile(tile("b"), { chart_type: "pie", chart_config: { nameField: "x" } }),
      edits.deleteTile(tile("a")),
      edits.addPage({ id: "p3", name: "Third" }),
      edits.moveToPage(tile("b"), { id: "p3", name: "Third" }),
      edits.movePage({ id: "p3", name: "Third" }, -1),
      edits.renamePage({ id: "p1", name: "Overview" }, "First"),
      edits.deletePage({ id: "p2", name: "Detail" }),
      edits.changeDashboard({ name: "Other", layout: { columns: 12, rowHeight: 60, gap: 8 } }),
    ];
    const states = [start];
    for (const [i, edit] of list.entries()) states.push(edited(states.at(-1) ?? start, edit, i * 10_000));

    let timeline = states.at(-1) ?? start;
    for (const expected of states.slice(0, -1).reverse()) {
      timeline = undone(timeline);
      expect(timeline.document).toEqual(expected.document);
    }
    for (const expected of states.slice(1)) {
      timeline = redone(timeline);
      expect(timeline.document).toEqual(expected.document);
    }
  });

  test("one move is one step, however many tiles it pushed", () => {
    const moved = edited(start, edits.placeTile(tile("a"), { x: 6, y: 0, w: 6, h: 4 }), 0);

    expect(moved.past.map((step) => step.label)).toEqual(["Move 'a'"]);
    expect(moved.document.tiles.b?.grid_y).toBe(4);
    expect(undone(moved).document).toEqual(loaded);
  });

  test("typing is one step, a pause begins another", () => {
    let timeline = start;
    for (const [i, title] of ["R", "Re", "Rev"].entries())
      timeline = edited(timeline, rename(timeline, title), i * 100);
    timeline = edited(timeline, rename(timeline, "Revenue"), 200 + GROUP_MS);

    expect(timeline.past).toHaveLength(2);
    expect(undone(timeline).document.tiles.a?.title).toBe("Rev");
    expect(undone(undone(timeline)).document).toEqual(loaded);
    expect(redone(undone(undone(timeline))).document.tiles.a?.title).toBe("Rev");
  });

  test("an edit that changes nothing is no step", () => {
    expect(edited(start, edits.changeTile(tile("a"), { title: "a", chart_config: { xField: "n" } }), 0)).toBe(
      start,
    );
  });

  test("a new edit forgets what could be redone", () => {
    const back = undone(edited(start, edits.deleteTile(tile("a")), 0));

    expect(edited(back, edits.deleteTile(tile("b")), 1).future).toEqual([]);
  });

  test("a hundred steps are kept", () => {
    let timeline = start;
    for (let i = 0; i < MAX_STEPS + 20; i += 1) {
      timeline = edited(timeline, edits.changeDashboard({ name: `n${i}`, tags: [] }), i);
    }

    expect(timeline.past).toHaveLength(MAX_STEPS);
  });

  test("nothing to undo or redo changes nothing", () => {
    expect(undone(start)).toBe(start);
    expect(redone(start)).toBe(start);
  });
});

test("after a refusal the steps about that tile are forgotten and the others still work", () => {
  let timeline = edited(start, edits.changeTile(tile("a"), { title: "A" }), 0);
  timeline = edited(timeline, edits.changeTile(tile("b"), { query: "DROP" }), 1);
  const document = {
    ...timeline.document,
    tiles: { ...timeline.document.tiles, b: tile("b", { grid_x: 6 }) },
  };

  const back = rolledBack(timeline, document, ["tiles/b"]);

  expect(back.past.map((step) => step.label)).toEqual(["Edit 'A'"]);
  expect(undone(back).document).toEqual(loaded);
});

test("a page that got another id from the server keeps its history", () => {
  const page = { id: "mine", name: "New" };
  let timeline = edited(start, edits.addPage(page), 0);
  timeline = edited(timeline, edits.moveToPage(tile("a"), page), 1);

  const renamed = renamedId(timeline, "mine", "theirs");

  expect(renamed.document.tiles.a?.page_id).toBe("theirs");
  expect(renamed.document.pageOrder).toEqual(["p1", "p2", "theirs"]);
  expect(undone(undone(renamed)).document).toEqual(loaded);
});
