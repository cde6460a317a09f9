import { expect, test } from "vitest";
import { firstDetail, levelDrafts, tidyLevels, withLevels } from "./levels";

test("levels are read in either spelling and written in the first", () => {
  const other = { drilldown: { levels: [{ field: "country", label: "Country" }] }, xField: "x" };

  expect(levelDrafts(other)).toEqual([{ id_column: "country", label: "Country" }]);
  expect(withLevels(other, levelDrafts(other))).toEqual({
    xField: "x",
    drill_levels: [{ id_column: "country", label: "Country" }],
  });
});

test("a level without a column is kept while it is written, and not saved", () => {
  const config = withLevels({}, [{ id_column: "" }, { id_column: "city", label_column: "", label: null }]);

  expect(levelDrafts(config)).toHaveLength(2);
  expect(tidyLevels(config)).toEqual({ drill_levels: [{ id_column: "city" }] });
  expect(tidyLevels(withLevels({ a: 1 }, [{ id_column: " " }]))).toEqual({ a: 1 });
});

test.each([
  ["SELECT a FROM sales s JOIN x", "sales"],
  ['WITH c AS (SELECT 1 FROM "my schema"."t 1") SELECT 1', '"my schema"."t 1"'],
  [null, "…"],
])("the first query for the rows of %j reads %s", (query, table) => {
  expect(firstDetail(query)).toBe(`SELECT *\nFROM ${table}\nWHERE 1 = 1 \${detail.where}`);
});
