// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders of SQL look like JavaScript's
import { describe, expect, test } from "vitest";
import { CHART_TYPES, type Table } from "@/charts/contract";
import { tile } from "../history/fixtures";
import {
  blankDraft,
  draftOf,
  fieldProblem,
  fieldsOf,
  fitting,
  isChanged,
  type Look,
  lookOf,
  problemOf,
  suggested,
  tidied,
  withLook,
} from "./draft";

const SALES: Table = {
  columns: ["n", "day", "region", "revenue", "city"],
  rows: [{ n: 1, day: "2026-01-01", region: "North", revenue: "12.50", city: "Bilbao" }],
  types: { n: "int", day: "date", region: "text", revenue: "decimal", city: "text" },
};

const LOOKS: Look[] = [...CHART_TYPES, "kpi", "table", "text"];

function draft(fields: Partial<ReturnType<typeof draftOf>> = {}) {
  return { ...draftOf(tile("a")), ...fields };
}

function spec(look: Look, key: string) {
  const found = fieldsOf(look).find((one) => one.key === key);
  if (!found) throw new Error(`${look} has no ${key}`);
  return found;
}

describe("columns of a form", () => {
  test("are those whose type fits", () => {
    expect(fitting(spec("bar", "yField"), SALES)).toEqual(["n", "revenue"]);
    expect(fitting(spec("bar", "xField"), SALES)).toEqual(SALES.columns);
  });

  test("are suggested: time before words for an axis, a number for a value", () => {
    expect(suggested("line", {}, SALES)).toEqual({ xField: "day", yField: "n" });
    expect(suggested("pie", {}, SALES)).toEqual({ nameField: "day", valueField: "n" });
  });

  test("are left as they are when they are in the result, and replaced when they are gone", () => {
    const config = { xField: "region", yField: "gone", showLegend: true };

    expect(suggested("bar", config, SALES)).toEqual({ xField: "region", yField: "n", showLegend: true });
  });

  test("of the same name as the field come first", () => {
    const table: Table = {
      columns: ["low", "high", "close", "open", "d"],
      rows: [],
      types: { low: "float", high: "float", close: "float", open: "float", d: "date" },
    };

    expect(suggested("candlestick", {}, table)).toEqual({
      dateField: "d",
      openField: "open",
      highField: "high",
      lowField: "low",
      closeField: "close",
    });
  });

  test("that count or name something are labels, not values", () => {
    const table: Table = {
      columns: ["month", "hour", "flights"],
      rows: [],
      types: { month: "int", hour: "int", flights: "int" },
    };

    expect(suggested("kpi", {}, table)).toEqual({ valueField: "flights" });
    expect(suggested("heatmap", {}, table)).toEqual({
      xField: "month",
      yField: "hour",
      valueField: "flights",
    });
  });

  test("of a boxplot are a category and a value, unless its five numbers are named", () => {
    expect(suggested("boxplot", {}, SALES)).toEqual({ categoryField: "day", valueField: "n" });
    expect(suggested("boxplot", { medianField: "revenue" }, SALES)).toEqual({ medianField: "revenue" });
  });

  test("of a sunburst are a path", () => {
    expect(suggested("sunburst", {}, SALES)).toEqual({
      pathFields: ["day", "region", "city"],
      valueField: "n",
    });
  });

  test("are guessed so that every type could be drawn from enough columns", () => {
    for (const look of LOOKS) {
      const config = suggested(look, {}, SALES);
      const missing = fieldsOf(look).filter((one) => fieldProblem(one, config, SALES) !== null);
      if (look !== "candlestick") expect(missing, look).toEqual([]);
    }
  });
});

describe("another type", () => {
  test("takes names and values along", () => {
    const bar = draft({
      chart_config: { xField: "region", yField: ["revenue", "n"], stacked: true, subtitle: "2026" },
    });

    const pie = withLook(bar, "pie");

    expect(pie).toMatchObject({ tile_type: "chart", chart_type: "pie" });
    expect(pie.chart_config).toEqual({ nameField: "region", valueField: "revenue", subtitle: "2026" });
    expect(withLook(pie, "kpi")).toMatchObject({
      tile_type: "kpi",
      chart_type: null,
      chart_config: { valueField: "revenue", subtitle: "2026" },
    });
  });

  test("keeps settings that Tesela does not know", () => {
    const bar = draft({ chart_config: { xField: "a", custom: { deep: 1 } } });

    expect(withLook(bar, "line").chart_config).toEqual({ xField: "a", custom: { deep: 1 } });
  });

  test("can be any of the eighteen, and the way back is the same type again", () => {
    for (const look of LOOKS) {
      const there = withLook(draft(), look);
      expect(lookOf(there)).toBe(look);
      expect(lookOf(withLook(there, "bar"))).toBe("bar");
      expect(withLook(there, "bar").query).toBe("SELECT 1 AS n");
    }
  });
});

describe("what keeps a tile from being saved", () => {
  test("is said in a sentence", () => {
    expect(problemOf(draft({ title: " " }), null)).toBe("Give the tile a title.");
    expect(problemOf(draft({ datasource_id: null }), null)).toBe("Choose a datasource.");
    expect(problemOf(draft({ query: " \n" }), null)).toBe("Write a query.");
    expect(problemOf(draft({ query: "SELECT ${nope}" }), null)).toBe(
      "${nope} is not a placeholder Tesela knows.",
    );
    expect(problemOf(draft({ chart_config: {} }), SALES)).toBe("Choose a column for 'X axis'.");
    expect(problemOf(draft({ chart_config: { xField: "n", yField: "n", currency: "eur" } }), null)).toBe(
      "A currency has three capital letters, such as EUR.",
    );
  });

  test("is nothing for a sound tile, and a text needs no query", () => {
    expect(problemOf(draft({ chart_config: { xField: "region", yField: "n" } }), SALES)).toBeNull();
    expect(problemOf({ ...blankDraft("text", undefined), title: "Note" }, null)).toBeNull();
  });

  test("is not a missing column before the query ever ran, for then there is nothing to choose from", () => {
    expect(problemOf(draft({ chart_config: {} }), null)).toBeNull();
  });
});

test("what is saved has no empty settings and no outer blanks", () => {
  const messy = draft({
    title: " Revenue ",
    chart_config: { prefix: "", xField: "n", max: null, min: 0, smooth: false },
  });

  expect(tidied(messy)).toMatchObject({
    title: "Revenue",
    chart_config: { xField: "n", min: 0, smooth: false },
  });
});

test("a text saves no query", () => {
  expect(tidied(withLook(draft(), "text"))).toMatchObject({ query: null, datasource_id: null, content: "" });
});

test("a draft that was changed back is not changed", () => {
  const start = draft();

  expect(isChanged({ ...start, title: "x" }, start)).toBe(true);
  expect(isChanged({ ...start, chart_config: { ...start.chart_config } }, start)).toBe(false);
});
