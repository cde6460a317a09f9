import { describe, expect, test } from "vitest";
import { type Key, type Lift, pressed, type Response } from "./keyboard";

const tile = { id: "a", x: 3, y: 2, w: 6, h: 4 };

function type(...keys: (string | Key)[]): Response | null {
  let lift: Lift | null = null;
  let last: Response | null = null;
  for (const key of keys) {
    last = pressed(lift, tile, typeof key === "string" ? { key, shiftKey: false } : key);
    lift = last && last.kind !== "dropped" && last.kind !== "cancelled" ? last.lift : null;
  }
  return last;
}

const shift = (key: string): Key => ({ key, shiftKey: true });

describe("a focused tile", () => {
  test("does not move before Enter lifts it", () => {
    expect(type("ArrowLeft")).toBeNull();
    expect(type("Enter")).toMatchObject({ kind: "lifted", lift: { cell: { x: 3, y: 2, w: 6, h: 4 } } });
  });

  test("moves with the arrows and drops with Enter", () => {
    expect(type("Enter", "ArrowLeft", "ArrowUp", "Enter")).toMatchObject({
      kind: "dropped",
      hasMoved: true,
      lift: { from: { x: 3, y: 2 }, cell: { x: 2, y: 1, w: 6, h: 4 } },
    });
  });

  test("is resized with Shift and the arrows", () => {
    expect(type("Enter", shift("ArrowRight"), shift("ArrowDown"))).toMatchObject({
      kind: "moved",
      lift: { cell: { x: 3, y: 2, w: 7, h: 5 } },
    });
    expect(type("Enter", shift("ArrowLeft"), shift("ArrowUp"))).toMatchObject({
      lift: { cell: { w: 5, h: 3 } },
    });
  });

  test("says when the grid ends", () => {
    expect(type("Enter", "ArrowUp", "ArrowUp", "ArrowUp")).toMatchObject({
      kind: "edge",
      lift: { cell: { y: 0 } },
    });
  });

  test("goes back with Escape", () => {
    expect(type("Enter", "ArrowDown", "Escape")).toMatchObject({ kind: "cancelled" });
  });

  test("dropped where it was has not moved", () => {
    expect(type("Enter", "ArrowDown", "ArrowUp", "Enter")).toMatchObject({
      kind: "dropped",
      hasMoved: false,
    });
  });

  test("leaves other keys to the page, also while lifted", () => {
    expect(type("Enter", "Tab")).toBeNull();
    expect(type("Escape")).toBeNull();
  });
});
