import { describe, expect, test } from "vitest";
import type { Datasource, Preflight } from "@/api/types";
import { candidates, countOf, findingsOf, isMapped, mappingOf, readBundle } from "./bundle";

const preflight: Preflight = {
  name: "Sales",
  required_datasources: [
    { ref: "ds_0", name: "Warehouse", type: "postgresql" },
    { ref: "ds_1", name: "Files", type: "duckdb" },
  ],
  page_count: 1,
  tile_count: 2,
  filter_count: 0,
  suggested_mapping: { ds_0: "a", other: "z" },
  problems: [],
  warnings: [],
  tiles: [],
};

function source(id: string, type: Datasource["type"], can_use = true): Datasource {
  return { id, name: id, type, can_use } as Datasource;
}

describe("a file", () => {
  test("with a bundle is read", () => {
    expect(readBundle('{"schema_version": 1}')).toEqual({ bundle: { schema_version: 1 } });
  });

  test.each([
    ["{", "not-json"],
    ["[]", "not-a-bundle"],
    ["null", "not-a-bundle"],
    ['{"tiles": []}', "not-a-bundle"],
  ])("with %s is refused: %s", (text, problem) => {
    expect(readBundle(text)).toEqual({ problem });
  });
});

describe("the mapping", () => {
  test("is what was chosen, else what is suggested, for the refs that are needed", () => {
    expect(mappingOf(preflight, {})).toEqual({ ds_0: "a" });
    expect(mappingOf(preflight, { ds_0: "b", ds_1: "c" })).toEqual({ ds_0: "b", ds_1: "c" });
  });

  test("is whole when every ref has its datasource", () => {
    expect(isMapped(preflight, { ds_0: "a" })).toBe(false);
    expect(isMapped(preflight, { ds_0: "a", ds_1: "c" })).toBe(true);
  });

  test("offers what one may use, the same type first", () => {
    const all = [source("x", "duckdb"), source("y", "postgresql"), source("z", "postgresql", false)];

    expect(candidates(all, "postgresql").map((one) => one.id)).toEqual(["y", "x"]);
  });
});

describe("what was found", () => {
  const found = findingsOf({
    ...preflight,
    problems: ["tiles.0 (Revenue): query: there is no such thing", "pages: two have the same _ref"],
    warnings: ["dashboard.colour is not known and left out"],
    tiles: [
      {
        title: "Revenue",
        tile_type: "kpi",
        problems: ["query: there is no such thing"],
        warnings: ["there is no table orders", "there is no table orders"],
      },
      { title: "Fine", tile_type: "kpi", problems: [], warnings: [] },
    ],
  });

  test("has problems first, and says each thing once", () => {
    expect(found).toEqual([
      { tile: null, isProblem: true, sentences: ["pages: two have the same _ref"] },
      { tile: "Revenue", isProblem: true, sentences: ["query: there is no such thing"] },
      { tile: null, isProblem: false, sentences: ["dashboard.colour is not known and left out"] },
      { tile: "Revenue", isProblem: false, sentences: ["there is no table orders"] },
    ]);
  });

  test("is counted by sentence", () => {
    expect([countOf(found, true), countOf(found, false)]).toEqual([2, 2]);
  });
});
