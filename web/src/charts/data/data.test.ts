// @vitest-environment node
import { describe, expect, test } from "vitest";
import { CannotDraw, type Table } from "../contract";
import { tableOf } from "../fixtures/samples";
import { kindOf, toLabel, toNumber, toWallTime } from "./coerce";
import { matchColumn, namedColumn, titleOf } from "./fields";
import { findLoop } from "./flows";
import { nameValues, topWithOther } from "./parts";
import { pivot, withContext, withOther } from "./pivot";
import { boxOf, quantile, thin } from "./quartiles";

const plain = { theme: "light", width: 640, height: 320, locale: "en", timeZone: "UTC" } as const;
const utc = (...parts: Parameters<typeof Date.UTC>) => Date.UTC(...parts);

describe("a cell as a number", () => {
  test.each([
    [12, 12],
    ["12.50", 12.5],
    ["1,234,567.8", 1234567.8],
    ["9007199254740993", 9007199254740992],
    ["-1e3", -1000],
    [true, 1],
    ["12 apples", null],
    ["1,23", null],
    ["", null],
    [null, null],
    [Number.NaN, null],
    ["1e999", null],
    [{ a: 1 }, null],
  ])("%j reads as %j", (cell, expected) => {
    expect(toNumber(cell)).toBe(expected);
  });
});

describe("a cell as a moment on the wall", () => {
  test.each([
    ["2013-01-05", "America/New_York", utc(2013, 0, 5)],
    ["2013-01-05", "Asia/Tokyo", utc(2013, 0, 5)],
    ["2013-01", "UTC", utc(2013, 0, 1)],
    ["2013-01-05T14:30:00", "America/New_York", utc(2013, 0, 5, 14, 30)],
    ["2013-01-05T14:30:00Z", "America/New_York", utc(2013, 0, 5, 9, 30)],
    ["2013-07-05T14:30:00Z", "America/New_York", utc(2013, 6, 5, 10, 30)],
    ["2013-01-05T14:30:00+05:30", "UTC", utc(2013, 0, 5, 9, 0)],
    ["2013-03-10T06:59:00Z", "America/New_York", utc(2013, 2, 10, 1, 59)],
    ["2013-03-10T07:00:00Z", "America/New_York", utc(2013, 2, 10, 3, 0)],
    ["2013-01-05T14:30:00Z", "Not/A_Zone", utc(2013, 0, 5, 14, 30)],
    ["2013-13-01", "UTC", null],
    ["yesterday", "UTC", null],
  ])("%s in %s", (cell, zone, expected) => {
    expect(toWallTime(cell, zone)).toBe(expected);
  });
});

describe("the kind of a column", () => {
  test.each([
    ["int", [1, 2], "number"],
    ["bigint", ["9007199254740993"], "number"],
    ["text", ["07", "08"], "category"],
    ["text", ["2013-01", "2013-02"], "time"],
    ["text", ["2013-01", "total"], "category"],
    ["date", ["2013-01-01"], "time"],
    ["bool", [true], "category"],
    ["", ["1.5", "2"], "number"],
    ["", [null, null], "category"],
  ])("%s of %j is %s", (type, cells, expected) => {
    const types: Record<string, string> = type ? { c: type } : {};
    const table = { columns: ["c"], types, rows: cells.map((c) => ({ c })) };

    expect(kindOf(table, "c")).toBe(expected);
  });
});

test.each([
  [null, "(none)"],
  ["", "(blank)"],
  [false, "false"],
  [{ a: 1 }, '{"a":1}'],
])("%j is called %s", (cell, expected) => {
  expect(toLabel(cell)).toBe(expected);
});

describe("a field of the config", () => {
  test.each([
    [["revenue", "Revenue"], "Revenue", "Revenue"],
    [["Revenue"], "revenue", "Revenue"],
    [["sum_revenue", "region"], "revenue", "sum_revenue"],
    [["revenue", "sum_revenue"], "revenue", "revenue"],
    [["revenue"], "sum_revenue", "revenue"],
    [["AVG_Delay"], "delay", "AVG_Delay"],
    [["total_net_revenue"], "revenue", undefined],
    [["a"], "b", undefined],
  ])("among %j, %s means %s", (columns, wanted, expected) => {
    expect(matchColumn(columns, wanted)).toBe(expected);
  });

  test("that matches nothing is refused with the columns there are", () => {
    const table = tableOf({ region: "text", sales: "int" }, []);

    expect(() => namedColumn(table, { xField: "city" }, "xField")).toThrow(CannotDraw);
    expect(() => namedColumn(table, { xField: "city" }, "xField")).toThrow(
      "“city”. It returns: region, sales.",
    );
  });

  test.each([
    ["dep_delay", "Dep delay"],
    ["Revenue EUR", "Revenue EUR"],
    ["avgDelay", "avgDelay"],
    ["_", "_"],
  ])("%s has the title %s", (column, expected) => {
    expect(titleOf(column)).toBe(expected);
  });
});

describe("quartiles", () => {
  test("lie between neighbours, as NumPy has them", () => {
    expect([0.25, 0.5, 0.75].map((share) => quantile([1, 2, 3, 4], share))).toEqual([1.75, 2.5, 3.25]);
  });

  test("a value beyond one and a half boxes is an outlier, and whiskers end at values", () => {
    expect(boxOf([50, 1, 2, 3, 4])).toEqual({ five: [1, 2, 3, 4, 4], outliers: [50], count: 5 });
  });

  test("one value makes a flat box, none makes no box", () => {
    expect(boxOf([7])?.five).toEqual([7, 7, 7, 7, 7]);
    expect(boxOf([])).toBeUndefined();
  });

  test("thinning keeps both ends", () => {
    expect(thin([1, 2, 3, 4, 5], 3)).toEqual([1, 3, 5]);
  });
});

describe("a loop", () => {
  const link = (source: string, target: string) => ({ source, target, value: 1, row: 0 });

  test.each([
    [
      [
        ["a", "b"],
        ["b", "c"],
        ["a", "c"],
      ],
      undefined,
    ],
    [[["a", "a"]], ["a", "a"]],
    [
      [
        ["a", "b"],
        ["b", "c"],
        ["c", "b"],
      ],
      ["b", "c", "b"],
    ],
    [
      [
        ["a", "b"],
        ["c", "d"],
        ["d", "c"],
      ],
      ["c", "d", "c"],
    ],
  ])("of %j is %j", (pairs, expected) => {
    expect(findLoop(pairs.map(([source = "", target = ""]) => link(source, target)))).toEqual(expected);
  });

  test("is found at the end of a chain too long for recursion", () => {
    const chain = Array.from({ length: 50_000 }, (_, at) => link(`n${at}`, `n${at + 1}`));

    expect(findLoop(chain)).toBeUndefined();
    expect(findLoop([...chain, link("n50000", "n49999")])).toEqual(["n49999", "n50000", "n49999"]);
  });
});

describe("a pivot", () => {
  const table = tableOf({ day: "date", city: "text", n: "int", m: "int" }, [
    ["2013-01-02", "A", 1, 10],
    ["2013-01-01", "A", 2, 20],
    ["2013-01-01", "B", null, 30],
    [null, "A", 9, 9],
  ]);

  test("puts times in order, tells an empty value from a missing row, and drops rows without an x", () => {
    const made = pivot(table, { xField: "day", yField: "n", seriesField: "city" }, plain);

    expect(made.positions).toEqual([utc(2013, 0, 1), utc(2013, 0, 2)]);
    expect(made.series.map(({ name, values, rows }) => ({ name, values, rows }))).toEqual([
      { name: "A", values: [2, 1], rows: [1, 0] },
      { name: "B", values: [null, undefined], rows: [2, undefined] },
    ]);
    expect(made.notes).toEqual(["1 row without a value in “day” left out."]);
  });

  test("of several values and a split names both", () => {
    const made = pivot(table, { xField: "day", yField: ["n", "m"], seriesField: "city" }, plain);

    expect(made.series.map((one) => one.name)).toEqual(["A · N", "B · N", "A · M", "B · M"]);
  });

  test("keeps the order of words as the query has it", () => {
    const words = tableOf({ name: "text", n: "int" }, [
      ["z", 1],
      ["a", 2],
    ]);

    expect(pivot(words, {}, plain).positions).toEqual(["z", "a"]);
  });

  const twelve = Array.from({ length: 12 }, (_, at) => ({ name: `s${at}`, values: [at], rows: [at] }));

  test("past eight series adds the smallest up, or shows them grey", () => {
    expect(withOther(twelve).map((one) => [one.name, one.values[0]])).toEqual([
      ...[5, 6, 7, 8, 9, 10, 11].map((at) => [`s${at}`, at]),
      ["Other", 10],
    ]);
    expect(withContext(twelve).series.filter((one) => one.isContext)).toHaveLength(5);
  });
});

test("parts past the limit become one that stands last", () => {
  const parts = [3, 1, 2, 5].map((value) => ({ name: `p${value}`, value, row: value, count: 1 }));

  expect(topWithOther(parts, 3)).toEqual([
    { name: "p5", value: 5, row: 5, count: 1 },
    { name: "p3", value: 3, row: 3, count: 1 },
    { name: "Other", value: 3, count: 2 },
  ]);
});

test("a pie understands the names that a bar has for its columns", () => {
  const rows = [{ origin: "EWR", flights: 2, delay: 15 }];
  const table: Table = { columns: ["origin", "flights", "delay"], types: {}, rows };

  const said = nameValues(table, { xField: "origin", yField: "delay" });
  const wrong = nameValues(table, { xField: "nowhere", yField: "origin" });

  expect([said.name, said.value]).toEqual(["origin", "delay"]);
  expect([wrong.name, wrong.value]).toEqual(["origin", "flights"]);
});
