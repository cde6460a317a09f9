import { describe, expect, test } from "vitest";
import type { Drawing } from "./contract";
import { dimmed, nearestPoint, seriesOf } from "./picking";

describe("the point that a place means", () => {
  const lines = [
    {
      type: "line",
      data: [
        [0, 1],
        [10, 5],
        [20, "-"],
      ],
    },
    {
      type: "line",
      data: [
        [0, 9],
        [10, 8],
        [20, 7],
      ],
    },
  ];

  test("is the nearest on x, then the nearest line", () => {
    expect(nearestPoint(lines, [9, 5.9])).toEqual({ seriesIndex: 0, dataIndex: 1 });
    expect(nearestPoint(lines, [9, 7])).toEqual({ seriesIndex: 1, dataIndex: 1 });
  });

  test("is never a gap", () => {
    expect(nearestPoint(lines, [19, 0])).toEqual({ seriesIndex: 1, dataIndex: 2 });
  });

  test("on a category axis is the place in the list", () => {
    expect(nearestPoint([{ type: "line", data: [3, 4, 5] }], [1.4, 0])).toEqual({
      seriesIndex: 0,
      dataIndex: 1,
    });
  });

  test("in stacked areas is the band at that height", () => {
    const stacked = [3, 4, 5].map((value) => ({ type: "line", stack: "all", data: [value] }));

    expect([2, 6, 11, 40].map((y) => nearestPoint(stacked, [0, y])?.seriesIndex)).toEqual([0, 1, 2, 2]);
  });

  test("is none where nothing is drawn", () => {
    expect(nearestPoint([{ type: "line", data: [] }], [0, 0])).toBeUndefined();
    expect(nearestPoint([{ type: "line", silent: true, data: [1] }], [0, 0])).toBeUndefined();
  });
});

describe("what was not picked", () => {
  const table = { columns: ["k"], rows: [{ k: "a" }, { k: "b" }], types: {} };
  const drawing = (series: object[]): Drawing => ({
    option: { series },
    summary: "",
    notes: [],
    rowAt: ({ dataIndex, data }) =>
      typeof data === "object" && data !== null && "row" in data ? Number(data.row) : dataIndex,
  });
  const seen = (series: object[]) => seriesOf(dimmed(drawing(series), table, (row) => row.k === "a"));

  test("of bars steps back, mark by mark", () => {
    expect(seen([{ type: "bar", data: [1, { value: 2, itemStyle: { color: "red" } }] }])[0]?.data).toEqual([
      1,
      { value: 2, itemStyle: { color: "red", opacity: 0.22 }, label: { opacity: 0.45 } },
    ]);
  });

  test("of a line leaves its points out; a line without a picked point steps back whole", () => {
    const [some] = seen([{ type: "line", data: [1, 2] }]);
    const none = seriesOf(dimmed(drawing([{ type: "line", data: [1, 2] }]), table, () => false))[0];

    expect(some?.data).toMatchObject([{ symbol: "circle" }, { symbol: "none" }]);
    expect(none?.lineStyle).toEqual({ opacity: 0.22 });
  });

  test("of a tree is looked for in its leaves", () => {
    const tree = [
      {
        name: "g",
        children: [
          { name: "a", row: 0 },
          { name: "b", row: 1 },
        ],
      },
    ];

    expect(seen([{ type: "treemap", data: tree }])[0]?.data).toMatchObject([
      { children: [{ name: "a" }, { name: "b", itemStyle: { opacity: 0.22 } }] },
    ]);
  });
});
