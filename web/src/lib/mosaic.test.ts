import { expect, test } from "vitest";
import { type Placed, readingOrder, wideFigures } from "./mosaic";

function tile(id: string, tile_type: string, grid_x: number, grid_y: number): Placed {
  return { id, tile_type, grid_x, grid_y, grid_w: 3, grid_h: 2 };
}

test("tiles are read row by row, left to right", () => {
  const tiles = [tile("c", "chart", 0, 4), tile("b", "kpi", 6, 0), tile("a", "kpi", 0, 0)];

  expect(readingOrder(tiles).map(({ id }) => id)).toEqual(["a", "b", "c"]);
});

test("an even run of figures stands two by two", () => {
  const tiles = [tile("a", "kpi", 0, 0), tile("b", "kpi", 3, 0), tile("c", "chart", 0, 2)];

  expect([...wideFigures(tiles)]).toEqual([]);
});

test("the last of an odd run of figures takes the whole row", () => {
  const tiles = [
    tile("a", "kpi", 0, 0),
    tile("b", "kpi", 3, 0),
    tile("c", "kpi", 6, 0),
    tile("d", "chart", 0, 2),
    tile("e", "kpi", 0, 6),
  ];

  expect([...wideFigures(tiles)]).toEqual(["c", "e"]);
});
