import { describe, expect, test } from "vitest";
import { readFilterValue, readState, shortId, stateSearchOf, writeFilterValue, writeState } from "./address";
import { drillSteps, tileBody, viewBody } from "./body";
import {
  readLabelled,
  readList,
  readScalar,
  type Scalar,
  writeLabelled,
  writeList,
  writeScalar,
} from "./codec";
import { activeOn, type FilterDef, type FilterValue, isNothing, missingOn, readFilters } from "./filters";
import {
  AS_IT_OPENS,
  levelsOf,
  type ViewState,
  withClick,
  withFilter,
  withoutFilters,
  withPath,
} from "./state";

const tiles = [
  { id: "aaaaaaaa-1111-4000-8000-000000000001", chart_config: {} },
  { id: "aaaaaaaa-1111-4000-8000-000000000002", chart_config: {} },
  {
    id: "bbbbbbbb-2222-4000-8000-000000000003",
    chart_config: {
      drill_levels: [{ id_column: "origin", label_column: "name" }, { id_column: "carrier" }],
    },
  },
];
const [first, second, third] = tiles.map((tile) => tile.id) as [string, string, string];

const defs = readFilters([
  { name: "when", type: "date_range", field: "date", default: "last_30_days" },
  {
    name: "airport",
    type: "multi_select",
    field: "origin",
    options: ["EWR", { value: "JFK", label: "Kennedy" }],
  },
  {
    name: "carrier",
    type: "select",
    options: { query: "SELECT 1", datasource_id: "s" },
    depends_on: ["airport"],
  },
  { name: "words", type: "text", field: "name", required: true, targets: [first] },
  { name: "miles", type: "number_range", field: "distance", targets: { [second]: "length" } },
  { name: "ok", type: "boolean" },
]);
const def = (name: string) => defs.find((one) => one.name === name) as FilterDef;

describe("values in the address", () => {
  const tricky: Scalar[] = [
    "EWR",
    "",
    "5",
    5,
    -1.5,
    true,
    "true",
    null,
    "null",
    "a~b",
    "a|b",
    '"x"',
    "1e5",
    "{}",
    "ñandú",
  ];

  test.each(tricky)("%j comes back as it went", (value) => {
    expect(readScalar(writeScalar(value))).toBe(value);
  });

  test("a list comes back as it went", () => {
    expect(readList(writeList(tricky))).toEqual(tricky);
  });

  test("labels stay with their values, and are left out where they say the same", () => {
    const steps = [{ value: "EWR", label: "Newark | NJ" }, { value: 7, label: "7" }, { value: null }];

    expect(readLabelled(writeLabelled(steps))).toEqual([steps[0], { value: 7 }, { value: null }]);
  });

  test("an ordinary value is written as it is read", () => {
    expect(writeList(["EWR", "JFK", 5])).toBe("EWR~JFK~5");
  });
});

describe("filters of a dashboard", () => {
  test("take their default in one spelling", () => {
    expect(def("when").default).toEqual({ relative: "last_30_days" });
  });

  test("without a label are called by their name", () => {
    expect(readFilters([{ name: "carrier_name" }])[0]?.label).toBe("Carrier name");
  });

  test("say where their choices come from", () => {
    expect([def("airport").options, def("carrier").options, def("words").options]).toEqual([
      [
        { value: "EWR", label: "EWR" },
        { value: "JFK", label: "Kennedy" },
      ],
      "asked",
      null,
    ]);
  });

  test.each([null, "", [], {}, { start: null, end: null }, undefined])("%j is no value", (value) => {
    expect(isNothing(value as FilterValue)).toBe(true);
  });

  test.each([0, false, "x", ["x"], { min: 0 }])("%j is a value", (value) => {
    expect(isNothing(value as FilterValue)).toBe(false);
  });

  test("apply to their targets only, and hold those back that need a value", () => {
    const chosen = { miles: { min: 3 } };

    expect(activeOn(defs, chosen, first).map((one) => one.name)).toEqual(["when"]);
    expect(activeOn(defs, chosen, second).map((one) => one.name)).toEqual(["when", "miles"]);
    expect(missingOn(defs, chosen, first).map((one) => one.name)).toEqual(["words"]);
    expect(missingOn(defs, { words: "x" }, first)).toEqual([]);
  });
});

describe("one filter in the address", () => {
  const cases: [string, FilterValue, unknown][] = [
    ["when", { relative: "this_quarter" }, "this_quarter"],
    ["when", { start: "2013-01-01", end: "2013-03-31" }, "2013-01-01..2013-03-31"],
    ["when", { start: "2013-01-01" }, "2013-01-01.."],
    ["when", null, null],
    ["airport", ["EWR", "JFK"], "EWR~JFK"],
    ["airport", [5], 5],
    ["carrier", "UA", "UA"],
    ["carrier", 7, 7],
    ["words", "5", "5"],
    ["words", "a~b", "a~b"],
    ["miles", { min: 100, max: 2500.5 }, "100..2500.5"],
    ["miles", { max: 0 }, "..0"],
    ["ok", false, false],
  ];

  test.each(cases)("%s: %j is written %j and read back", (name, value, written) => {
    expect(writeFilterValue(def(name), value)).toEqual(written);
    expect(readFilterValue(def(name), writeFilterValue(def(name), value))).toEqual(value);
  });

  test.each([
    ["when", "yesterday'; --"],
    ["when", "2013-1-1.."],
    ["when", ".."],
    ["miles", "a..b"],
    ["miles", "5"],
    ["ok", "yes"],
  ])("%s: %j is none", (name, given) => {
    expect(readFilterValue(def(name), given)).toBeUndefined();
  });
});

describe("the state of a view in the address", () => {
  const state: ViewState = {
    filters: { airport: ["EWR"], when: null },
    cross: [
      { tileId: second, column: "carrier", values: [{ value: "UA", label: "United" }] },
      { tileId: first, column: "a.b", values: [{ value: 5 }] },
    ],
    drill: { [third]: [{ value: "EWR", label: "Newark" }, { value: "UA" }] },
  };

  test("comes back as it went", () => {
    expect(readState(writeState(state, defs, tiles), defs, tiles)).toEqual(state);
  });

  test("has short names in a stable order", () => {
    expect(Object.entries(writeState(state, defs, tiles))).toEqual([
      ["f.airport", "EWR"],
      ["f.when", null],
      [`x.${second}.carrier`, "UA|United"],
      [`x.${first}.a.b`, "5"],
      ["d.bbbbbbbb", "EWR|Newark~UA"],
    ]);
  });

  test("of a dashboard as it opens is nothing, and takes away what was there", () => {
    expect(writeState(AS_IT_OPENS, defs, tiles)).toEqual({});
    expect(writeState(AS_IT_OPENS, defs, tiles, { "f.ok": true })).toEqual({ "f.ok": undefined });
  });

  test("drops filters and tiles that are not there, and keys that are not ours", () => {
    const search = stateSearchOf({
      "f.gone": "x",
      "x.cccccccc.c": "x",
      "d.": "x",
      page: "p",
      "f.ok": { a: 1 },
      "f.airport": "LGA",
    });

    expect(readState(search, defs, tiles)).toEqual({ ...AS_IT_OPENS, filters: { airport: ["LGA"] } });
  });

  test("a tile is called by as many letters as tell it from the others", () => {
    expect(shortId(third, tiles)).toBe("bbbbbbbb");
    expect(shortId(first, tiles)).toBe(first);
  });
});

describe("steps of a reader", () => {
  test("a filter set to its default is as if it was never set", () => {
    const set = withFilter(AS_IT_OPENS, def("when"), { relative: "today" });

    expect(set.filters).toEqual({ when: { relative: "today" } });
    expect(withFilter(set, def("when"), { relative: "last_30_days" })).toEqual(AS_IT_OPENS);
  });

  test("a default that is taken away is told from one that holds", () => {
    expect(withFilter(AS_IT_OPENS, def("when"), null).filters).toEqual({ when: null });
  });

  test("the same click twice is none; another on the same tile replaces it", () => {
    const click = { tileId: first, column: "c", values: [{ value: "a" }] };
    const other = { ...click, values: [{ value: "b" }] };
    const once = withClick(AS_IT_OPENS, click);

    expect(withClick(once, click)).toEqual(AS_IT_OPENS);
    expect(withClick(once, other).cross).toEqual([other]);
  });

  test("a tile that moves drops its click; the top is no path at all", () => {
    const clicked = withClick(AS_IT_OPENS, { tileId: first, column: "c", values: [{ value: "a" }] });
    const down = withPath(clicked, first, [{ value: "a" }]);

    expect(down).toEqual({ filters: {}, cross: [], drill: { [first]: [{ value: "a" }] } });
    expect(withPath(down, first, [])).toEqual(AS_IT_OPENS);
  });

  test("reset takes filters and clicks, and leaves paths", () => {
    const state = {
      filters: { ok: true },
      cross: [{ tileId: first, column: "c", values: [] }],
      drill: { [third]: [] },
    };

    expect(withoutFilters(state)).toEqual({ ...AS_IT_OPENS, drill: { [third]: [] } });
  });
});

describe("the body of a request", () => {
  test("of a dashboard as it opens says nothing", () => {
    expect(viewBody(AS_IT_OPENS)).toEqual({});
  });

  test("says filters, clicks, and for a tile its path", () => {
    const state: ViewState = {
      filters: { airport: ["EWR"] },
      cross: [{ tileId: first, column: "carrier", values: [{ value: "UA", label: "United" }] }],
      drill: { [third]: [{ value: "EWR", label: "Newark" }] },
    };
    const body = {
      filter_values: { airport: ["EWR"] },
      cross_filters: [{ source_tile_id: first, column: "carrier", operator: "in", values: ["UA"] }],
    };

    expect(tileBody(state, tiles[0] as never)).toEqual(body);
    expect(tileBody(state, tiles[2] as never)).toEqual({
      ...body,
      drill_path: [{ level: 0, id_column: "origin", label_column: "name", value: "EWR" }],
    });
  });

  test("leaves out steps past the tile's levels", () => {
    const path = [{ value: 1 }, { value: 2 }, { value: 3 }];

    expect(drillSteps(tiles[2] as never, path).map((step) => step.value)).toEqual([1, 2]);
  });

  test("levels are read in either spelling", () => {
    expect(levelsOf({ drilldown: { levels: [{ field: "country", label: "Country" }, {}] } })).toEqual([
      { column: "country", labelColumn: null, label: "Country" },
    ]);
  });
});
