// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders of SQL look like JavaScript's
import { expect, test } from "vitest";
import { isKnown, placeholdersIn } from "./placeholders";

test("every placeholder is found with its place", () => {
  const sql = "SELECT ${drill.field}\nFROM t WHERE 1=1 ${filters.where} AND x = ${nope.x}";

  expect(
    placeholdersIn(sql).map(({ from, to, name, isKnown: known }) => [sql.slice(from, to), name, known]),
  ).toEqual([
    ["${drill.field}", "drill.field", true],
    ["${filters.where}", "filters.where", true],
    ["${nope.x}", "nope.x", false],
  ]);
});

test("names of filters and attributes are free, the rest of the set is closed", () => {
  for (const name of ["filter.region", "filter.region.where", "user.id", "user.country", "range.prev_end"]) {
    expect(isKnown(name), name).toBe(true);
  }
  for (const name of [
    "filter",
    "filter.",
    "filter.a b",
    "filter.a.b",
    "range.middle",
    "drill",
    "",
    "user.",
    "xrange.start",
  ]) {
    expect(isKnown(name), name).toBe(false);
  }
});
