// @vitest-environment node
import { describe, expect, test } from "vitest";
import { dashboardColors } from "./colors";
import type { FieldSpec } from "./contract";
import * as specs from "./fieldspecs";
import { SAMPLES, tableOf } from "./fixtures/samples";
import { legendFor } from "./layout";
import { CATEGORICAL, inkOn, mix, sequential, shadeAt } from "./palette";
import { CHARTS, suggestChart } from "./registry";
import { clip, colorsFor, textWidth, wrap } from "./theme";

const plain = { theme: "light", width: 640, height: 320, locale: "en", timeZone: "UTC" } as const;

function luminance(color: string): number {
  const linear = (at: number) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5);
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

describe("the palette", () => {
  test.each([
    ["light", "#ffffff"],
    ["dark", "#191f26"],
  ] as const)("stands out from the %s tile by 3:1", (theme, ground) => {
    for (const color of CATEGORICAL[theme]) expect(contrast(color, ground)).toBeGreaterThanOrEqual(3);
  });

  test("carries readable words on every colour and shade", () => {
    for (const theme of ["light", "dark"] as const)
      for (const color of [...CATEGORICAL[theme], ...sequential(theme), ...sequential(theme, "purple")])
        expect(contrast(inkOn(color), color)).toBeGreaterThanOrEqual(4);
  });

  test("mixes and picks shades", () => {
    expect(mix("#000000", "#ffffff", 0.5)).toBe("#808080");
    expect([shadeAt(["#000000", "#ffffff"], -1), shadeAt(["#000000", "#ffffff"], 2)]).toEqual([
      "#000000",
      "#ffffff",
    ]);
  });
});

describe("colours of series", () => {
  test("never repeat: past the palette all are grey", () => {
    const names = Array.from({ length: 10 }, (_, at) => `s${at}`);
    const colors = colorsFor(names, {}, plain);

    expect(new Set(colors.slice(0, 8)).size).toBe(8);
    expect(new Set(colors.slice(8)).size).toBe(1);
  });

  test("stay with a name on the whole dashboard", () => {
    const split = (names: string[]) => ({
      type: "bar" as const,
      config: { seriesField: "origin" },
      table: tableOf(
        { origin: "text" },
        names.map((name) => [name]),
      ),
    });
    const pie = { type: "pie" as const, config: { nameField: "origin" }, table: split(["LGA", "JFK"]).table };
    const colorIndex = dashboardColors([split(["EWR", "JFK", "LGA"]), pie]);

    const [lga, other, jfk] = colorsFor(["LGA", "X", "JFK"], {}, { ...plain, colorIndex });

    expect([jfk, lga]).toEqual([CATEGORICAL.light[0], CATEGORICAL.light[1]]);
    expect(other).toBe(CATEGORICAL.light[2]);
  });
});

describe("room", () => {
  test("a legend that needs two rows takes two, and the plot starts under it", () => {
    const names = Array.from({ length: 8 }, (_, at) => `A longer series name ${at}`);

    expect(legendFor(["a", "b"], {}, plain).height).toBe(26);
    expect(legendFor(names, {}, { ...plain, width: 800 }).height).toBe(46);
    expect(legendFor(names, {}, { ...plain, width: 300 }).legend).toMatchObject({ type: "scroll" });
  });

  test("one series needs no legend, unless asked for", () => {
    expect(legendFor(["a"], {}, plain).height).toBe(0);
    expect(legendFor(["a"], { showLegend: true }, plain).height).toBe(26);
    expect(legendFor(["a", "b"], { showLegend: false }, plain).height).toBe(0);
  });

  test("a long name is cut with an ellipsis that fits", () => {
    const cut = clip("A very long name indeed", 60, 11);

    expect(cut).toMatch(/^A very.*…$/);
    expect(textWidth(cut, 11)).toBeLessThanOrEqual(60);
    expect(clip("short", 60, 11)).toBe("short");
    expect(wrap("Landed on time", 60, 11)).toBe("Landed\non time");
  });
});

describe("a first guess", () => {
  test.each([
    ["time makes a line", { day: "date", n: "int" }, [["2013-01-01", 1]], "line"],
    ["words make a bar", { name: "text", n: "int" }, [["a", 1]], "bar"],
    ["two sets of words make a heatmap", { a: "text", b: "text", n: "int" }, [["a", "b", 1]], "heatmap"],
    ["one number makes a gauge", { n: "int" }, [[1]], "gauge"],
    [
      "many pairs of numbers make a scatter",
      { n: "int", m: "int" },
      Array.from({ length: 30 }, (_, at) => [at, at]),
      "scatter",
    ],
    ["no number makes a bar without fields", { a: "text" }, [["a"]], "bar"],
  ])("%s", (_why, types, rows, expected) => {
    expect(suggestChart(tableOf(types, rows)).type).toBe(expected);
  });
});

test("every field that a sample's config uses is in the form of its chart", () => {
  for (const { type, config } of SAMPLES) {
    const keys = CHARTS[type].fields.map((field) => field.key);

    expect(keys).toEqual(expect.arrayContaining(Object.keys(config)));
  }
});

test("no form asks for a field twice, and every choice has a word", () => {
  for (const fields of Object.values(specs).filter((list) => typeof list[0] === "object") as FieldSpec[][]) {
    const keys = fields.map((field) => field.key);

    expect(new Set(keys).size).toBe(keys.length);
    expect(
      fields.every(
        (field) => field.label !== "" && (field.kind !== "select" || (field.options?.length ?? 0) > 1),
      ),
    ).toBe(true);
  }
});
