import { describe, expect, test } from "vitest";
import type { Table } from "@/charts/contract";
import { csvOf, fileNameOf } from "./csv";
import { type ClickedTile, isSelected, kindsOf, meaningsOf } from "./meaning";

const table: Table = {
  columns: ["airport", "origin", "week", "flights"],
  rows: [{ airport: "Newark", origin: "EWR", week: "2013-01-07", flights: 5 }],
  types: { airport: "text", origin: "text", week: "date", flights: "int" },
};
const [row] = table.rows as [Record<string, unknown>];
const point = { values: row };
const tile = (chart_config: Record<string, unknown>, extra: Partial<ClickedTile> = {}): ClickedTile => ({
  id: "t1",
  tile_type: "chart",
  chart_type: "bar",
  chart_config: { xField: "airport", yField: "flights", ...chart_config },
  ...extra,
});
const LEVELS = [
  { id_column: "origin", label_column: "airport", label: "airport" },
  { id_column: "carrier", label: "airline" },
];

describe("what a click can mean", () => {
  test("nothing, where nothing is switched on", () => {
    expect(meaningsOf(tile({}), table, point, [])).toEqual([]);
  });

  test("all three, in the order of the menu", () => {
    const all = tile({ drill_levels: LEVELS, cross_filter_enabled: true, detail_query: "SELECT 1" });

    expect(meaningsOf(all, table, point, []).map((one) => one.kind)).toEqual(["drill", "cross", "detail"]);
  });

  test("a query that the reader may not see is there all the same", () => {
    expect(kindsOf(tile({ detail_query: null }), [])).toEqual(["detail"]);
    expect(kindsOf(tile({ detail_query: " " }), [])).toEqual([]);
  });

  test("a figure and a gauge filter nothing unless told what by", () => {
    const config = { cross_filter_enabled: true };

    expect(kindsOf(tile(config, { tile_type: "kpi", chart_type: null }), [])).toEqual([]);
    expect(kindsOf(tile(config, { chart_type: "gauge" }), [])).toEqual([]);
    expect(kindsOf(tile({ ...config, crossFilterField: "origin" }, { chart_type: "gauge" }), [])).toEqual([
      "cross",
    ]);
  });
});

describe("a step down", () => {
  test("takes the level's column, and the words that go with it", () => {
    expect(meaningsOf(tile({ drill_levels: LEVELS }), table, point, [])).toEqual([
      { kind: "drill", label: "Newark", path: [{ value: "EWR", label: "Newark" }], level: "airline" },
    ]);
  });

  test("takes the chart's own column where the level has another name in the answer", () => {
    const renamed = tile({ drill_levels: [{ id_column: "country" }, { id_column: "city" }] });

    expect(meaningsOf(renamed, table, point, [])).toMatchObject([{ path: [{ value: "Newark" }] }]);
  });

  test("ends at the last level", () => {
    expect(kindsOf(tile({ drill_levels: LEVELS }), [{ value: "EWR" }])).toEqual([]);
    expect(kindsOf(tile({ drill_levels: LEVELS.slice(0, 1) }), [])).toEqual(["drill"]);
  });
});

describe("a filter for the others", () => {
  const crossOf = (config: Record<string, unknown>, at = point, extra: Partial<ClickedTile> = {}) => {
    const [found] = meaningsOf(tile({ cross_filter_enabled: true, ...config }, extra), table, at, []);
    return found?.kind === "cross" ? [found.click.column, ...found.click.values] : null;
  };

  test("is by the chart's main dimension", () => {
    expect(crossOf({})).toEqual(["airport", { value: "Newark" }]);
  });

  test("is by the author's column, called as the chart calls it", () => {
    expect(crossOf({ crossFilterField: "ORIGIN" })).toEqual(["ORIGIN", { value: "EWR", label: "Newark" }]);
  });

  test("over time is by the series, where there is one", () => {
    expect(crossOf({ xField: "week", seriesField: "airport" })).toEqual(["airport", { value: "Newark" }]);
    expect(crossOf({ xField: "week" })).toEqual(["week", { value: "2013-01-07" }]);
  });

  test("of a table is by the cell, unless it holds a number", () => {
    const extra = { tile_type: "table", chart_type: null } as const;

    expect(crossOf({}, { values: row, column: "origin" } as never, extra)).toEqual([
      "origin",
      { value: "EWR" },
    ]);
    expect(crossOf({}, { values: row, column: "flights" } as never, extra)).toEqual([
      "airport",
      { value: "Newark" },
    ]);
  });

  test("by a number says of what", () => {
    const hours = { ...table, columns: ["dep_hour"], rows: [{ dep_hour: 14 }], types: { dep_hour: "int" } };
    const own = tile({ cross_filter_enabled: true, xField: "dep_hour" });

    expect(meaningsOf(own, hours, { values: { dep_hour: 14 } }, [])[0]?.label).toBe("Dep hour 14");
  });

  test("dims what was not clicked", () => {
    const own = tile({ cross_filter_enabled: true });
    const has = isSelected(
      { tileId: "t1", column: "airport", values: [{ value: "Newark" }] },
      own,
      table,
      [],
    );

    expect([has?.(row), has?.({ ...row, airport: "Kennedy" })]).toEqual([true, false]);
    expect(isSelected({ tileId: "t1", column: "gone", values: [] }, own, table, [])).toBeUndefined();
  });
});

describe("the rows behind a click", () => {
  const dimensionsOf = (config: Record<string, unknown>, extra: Partial<ClickedTile> = {}) => {
    const found = meaningsOf(tile({ detail_query: "SELECT 1", ...config }, extra), table, point, []).at(-1);
    return found?.kind === "detail" ? found.dimensions : null;
  };

  test("are asked for by the chart's dimensions", () => {
    expect(dimensionsOf({ seriesField: "week" })).toEqual({ airport: "Newark", week: "2013-01-07" });
  });

  test("are asked for by the author's columns, else by the level that is shown", () => {
    expect(dimensionsOf({ detailFields: ["origin", "week"] })).toEqual({ origin: "EWR", week: "2013-01-07" });
    expect(dimensionsOf({ drill_levels: LEVELS })).toEqual({ origin: "EWR" });
    expect(dimensionsOf({ drill_levels: [{ id_column: "country" }, { id_column: "city" }] })).toEqual({
      country: "Newark",
    });
  });

  test("of a level further down, under the first level's name, are asked for by their own", () => {
    const levels = [{ id_column: "origin" }, { id_column: "carrier" }, { id_column: "dest" }];
    const rewritten = { values: { origin: "UA", week: "2013-01-07", flights: 5 } };
    const down = tile({
      xField: "origin",
      seriesField: "week",
      crossFilterField: "origin",
      detailFields: ["origin"],
      drill_levels: levels,
      cross_filter_enabled: true,
      detail_query: "SELECT 1",
    });

    expect(meaningsOf(down, table, rewritten, [{ value: "EWR" }])).toMatchObject([
      { kind: "drill", path: [{ value: "EWR" }, { value: "UA" }] },
      { kind: "cross", click: { column: "carrier", values: [{ value: "UA" }] } },
      { kind: "detail", dimensions: { carrier: "UA", week: "2013-01-07" } },
    ]);
  });

  test("of a figure are all rows", () => {
    expect(dimensionsOf({}, { tile_type: "kpi", chart_type: null })).toEqual({});
  });
});

describe("rows as CSV", () => {
  test("quotes what needs it, and disarms what a spreadsheet would run", () => {
    const rows = [
      { a: 'say "hi"', b: "x,y" },
      { a: "=1+1", b: "-12.5" },
      { a: "+cmd", b: null },
      { a: -3, b: { c: 1 } },
    ];

    expect(csvOf(["a", "b"], rows)).toBe(
      'a,b\r\n"say ""hi""","x,y"\r\n\'=1+1,-12.5\r\n\'+cmd,\r\n-3,"{""c"":1}"\r\n',
    );
  });

  test("is called by the title, without what a file system refuses", () => {
    expect([fileNameOf('A/B: "C"?', "csv"), fileNameOf("  ", "csv")]).toEqual(["A B C.csv", "tesela.csv"]);
  });
});
