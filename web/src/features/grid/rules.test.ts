import { describe, expect, test } from "vitest";
import {
  bottom,
  COLUMNS,
  changed,
  clamp,
  closeUp,
  firstFreePlace,
  type Item,
  isInside,
  overlaps,
  pushDown,
  stepped,
  withCell,
} from "./rules";

function item(id: string, x: number, y: number, w: number, h: number): Item {
  return { id, x, y, w, h };
}

function hasOverlap(items: readonly Item[]): boolean {
  return items.some((a, i) => items.slice(i + 1).some((b) => overlaps(a, b)));
}

/** A small deterministic generator, so that a failure can be repeated. */
function randomly(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

describe("pushDown", () => {
  test("leaves tiles that do not overlap where they are, gaps included", () => {
    const items = [item("a", 0, 0, 6, 2), item("b", 6, 5, 6, 2)];

    expect(pushDown(items)).toEqual(items);
  });

  test("moves the later one in (y, x) order below the earlier one", () => {
    const items = [item("low", 0, 1, 4, 2), item("high", 0, 0, 4, 2)];

    expect(pushDown(items)).toEqual([item("low", 0, 2, 4, 2), item("high", 0, 0, 4, 2)]);
  });

  test("keeps the tile that was placed and moves the one that lay there first", () => {
    const items = [item("old", 0, 0, 6, 4), item("new", 0, 2, 6, 4)];

    expect(pushDown(items, new Set(["new"]))).toEqual([item("old", 0, 6, 6, 4), item("new", 0, 2, 6, 4)]);
  });

  test("passes the push on from tile to tile", () => {
    const items = [
      item("new", 0, 0, 12, 1),
      item("a", 0, 0, 6, 2),
      item("b", 0, 2, 6, 2),
      item("c", 6, 4, 6, 2),
    ];

    expect(pushDown(items, new Set(["new"])).map(({ id, y }) => [id, y])).toEqual([
      ["new", 0],
      ["a", 1],
      ["b", 3],
      ["c", 4],
    ]);
  });

  test("never leaves an overlap, never moves a tile up, and changes nothing the second time", () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const next = randomly(seed);
      const items = Array.from({ length: 12 }, (_, i) => {
        const w = 1 + next(COLUMNS);
        return item(`t${i}`, next(COLUMNS - w + 1), next(8), w, 1 + next(5));
      });

      const pushed = pushDown(items, new Set(["t3"]));

      expect(hasOverlap(pushed)).toBe(false);
      expect(pushed.every((tile, i) => tile.y >= (items[i]?.y ?? 0))).toBe(true);
      expect(pushed[3]).toEqual(items[3]);
      expect(pushDown(pushed)).toEqual(pushed);
    }
  });
});

describe("closeUp", () => {
  test("moves tiles up into the gaps above them, each in its own columns", () => {
    const items = [
      item("a", 0, 2, 6, 4),
      item("b", 6, 0, 6, 2),
      item("c", 6, 5, 6, 2),
      item("wide", 0, 9, 12, 1),
    ];

    expect(closeUp(items).map(({ id, y }) => [id, y])).toEqual([
      ["a", 0],
      ["b", 0],
      ["c", 2],
      ["wide", 4],
    ]);
  });

  test("never makes an overlap, and has nothing to do the second time", () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const next = randomly(seed);
      const items = pushDown(
        Array.from({ length: 10 }, (_, i) => {
          const w = 1 + next(COLUMNS);
          return item(`t${i}`, next(COLUMNS - w + 1), next(30), w, 1 + next(5));
        }),
      );

      const closed = closeUp(items);

      expect(hasOverlap(closed)).toBe(false);
      expect(closed.every((tile, i) => tile.y <= (items[i]?.y ?? 0))).toBe(true);
      expect(closeUp(closed)).toEqual(closed);
    }
  });
});

describe("firstFreePlace", () => {
  test("is the top left corner of an empty page", () => {
    expect(firstFreePlace([], 6, 4)).toEqual({ x: 0, y: 0, w: 6, h: 4 });
  });

  test("is beside the lowest tile where it fits", () => {
    expect(firstFreePlace([item("a", 0, 0, 6, 4)], 6, 4)).toEqual({ x: 6, y: 0, w: 6, h: 4 });
  });

  test("is a row of its own where the last row is full", () => {
    const items = [item("a", 0, 0, 8, 4), item("b", 8, 0, 4, 4)];

    expect(firstFreePlace(items, 6, 4)).toEqual({ x: 0, y: 4, w: 6, h: 4 });
  });

  test("is not a hole further up, even where one is large enough", () => {
    const items = [item("a", 0, 0, 4, 2), item("b", 0, 6, 12, 2)];

    expect(firstFreePlace(items, 4, 2)).toEqual({ x: 0, y: 8, w: 4, h: 2 });
  });

  test("may lie beside the lower end of a taller tile", () => {
    const items = [item("tall", 0, 0, 4, 8), item("last", 4, 3, 4, 2)];

    expect(firstFreePlace(items, 4, 2)).toEqual({ x: 8, y: 3, w: 4, h: 2 });
  });

  test("cuts what is wider than the page", () => {
    expect(firstFreePlace([], 20, 2)).toEqual({ x: 0, y: 0, w: 12, h: 2 });
  });
});

describe("one step of the keyboard", () => {
  test("stops at the edges of the grid", () => {
    expect(stepped({ x: 0, y: 0, w: 6, h: 4 }, "left")).toBeNull();
    expect(stepped({ x: 6, y: 0, w: 6, h: 4 }, "right")).toBeNull();
    expect(stepped({ x: 0, y: 0, w: 6, h: 4 }, "up")).toBeNull();
    expect(stepped({ x: 0, y: 0, w: 1, h: 1 }, "narrower")).toBeNull();
    expect(stepped({ x: 0, y: 0, w: 1, h: 1 }, "shorter")).toBeNull();
    expect(stepped({ x: 0, y: 0, w: 12, h: 1 }, "wider")).toBeNull();
  });

  test("grows to the left at the right edge", () => {
    expect(stepped({ x: 6, y: 0, w: 6, h: 4 }, "wider")).toEqual({ x: 5, y: 0, w: 7, h: 4 });
  });

  test("moves down without an end", () => {
    expect(stepped({ x: 0, y: 99, w: 6, h: 4 }, "down")).toEqual({ x: 0, y: 100, w: 6, h: 4 });
  });

  test("up changes places with the tile above", () => {
    const items = [item("above", 0, 0, 6, 4), item("me", 0, 4, 6, 4)];

    expect(withCell(items, "me", { x: 0, y: 3, w: 6, h: 4 })).toEqual([
      item("above", 0, 7, 6, 4),
      item("me", 0, 3, 6, 4),
    ]);
  });
});

test("a cell outside the grid is clamped into it", () => {
  expect(isInside({ x: 8, y: 0, w: 6, h: 1 })).toBe(false);
  expect(clamp({ x: 8, y: -2, w: 6, h: 0 })).toEqual({ x: 6, y: 0, w: 6, h: 1 });
});

test("only what moved is told", () => {
  const before = [item("a", 0, 0, 6, 4), item("b", 0, 4, 6, 4)];

  expect(changed(before, withCell(before, "a", { x: 0, y: 0, w: 6, h: 5 }))).toEqual([
    item("a", 0, 0, 6, 5),
    item("b", 0, 5, 6, 4),
  ]);
});

test("the bottom is the first wholly free row", () => {
  expect(bottom([item("a", 0, 0, 6, 4), item("b", 0, 2, 6, 9)])).toBe(11);
});
