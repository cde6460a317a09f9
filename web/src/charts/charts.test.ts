// @vitest-environment node
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { CannotDraw, CHART_TYPES, type ChartConfig, type ChartType, type Table } from "./contract";
import { DRAWS, toOption } from "./draws";
import { SAMPLES, tableOf } from "./fixtures/samples";
import { renderSvg } from "./ssr";

const plain = { theme: "light", width: 640, height: 320, locale: "en", timeZone: "UTC" } as const;
const small = { ...plain, width: 150, height: 100 } as const;
const BROKEN = /NaN|undefined|Infinity/;

describe.each(SAMPLES.map((sample) => [sample.name, sample] as const))(
  "%s",
  (_name, { type, table, config }) => {
    test.each(["light", "dark"] as const)("draws in %s at any size without a broken number", (theme) => {
      for (const size of [plain, small, { ...plain, width: 1200, height: 700 }]) {
        const svg = renderSvg(type, table, config, { ...size, theme });

        expect(svg).toContain("<path");
        expect(svg).not.toMatch(BROKEN);
      }
    });

    test("draws the same table with fields chosen by itself", () => {
      const svg = renderSvg(type, table, {}, plain);

      expect(svg).toContain("<path");
      expect(svg).not.toMatch(BROKEN);
    });

    test("tells in words what it shows", () => {
      const { summary } = DRAWS[type](table, config, plain);

      expect(summary).toMatch(/^[A-Z].*\.$/);
      expect(summary).not.toMatch(BROKEN);
    });
  },
);

function sampleOf(type: ChartType) {
  const sample = SAMPLES.find((one) => one.type === type);
  if (!sample) throw new Error(`no sample of ${type}`);
  return sample;
}

function attempt(type: ChartType, table: Table, config: ChartConfig): CannotDraw | string {
  try {
    return renderSvg(type, table, config, plain);
  } catch (error) {
    if (error instanceof CannotDraw) return error;
    throw error;
  }
}

/** The sample's table with every cell of its number columns changed. */
function withNumbers(table: Table, change: (value: unknown, at: number) => unknown): Table {
  const isNumber = (column: string) => ["int", "float", "decimal"].includes(table.types[column] ?? "");
  const rows = table.rows.map((row, at) =>
    Object.fromEntries(
      table.columns.map((column) => [column, isNumber(column) ? change(row[column], at) : row[column]]),
    ),
  );
  return { ...table, rows };
}

describe.each(CHART_TYPES)("%s with hard data", (type) => {
  const { table, config } = sampleOf(type);

  test("says that there are no rows", () => {
    const result = attempt(type, { ...table, rows: [] }, config);

    expect(result).toBeInstanceOf(CannotDraw);
    expect(result).toMatchObject({ code: "empty" });
  });

  test("says that every value is empty", () => {
    const result = attempt(
      type,
      withNumbers(table, () => null),
      config,
    );

    expect(result).toMatchObject({ code: "no_values" });
  });

  test("names a column that the query does not return, and those it does", () => {
    const key = Object.keys(config).find((name) => name.endsWith("Field") || name === "pathFields") ?? "";
    const result = attempt(type, table, { ...config, [key]: key === "pathFields" ? ["gone"] : "gone" });

    expect(result).toMatchObject({ code: "missing_field" });
    expect((result as CannotDraw).message).toContain(table.columns[0]);
  });

  test("reads numbers that arrive as text", () => {
    const texts = { ...withNumbers(table, (value) => String(value)), types: { ...table.types } };

    expect(JSON.stringify(toOption(type, texts, config, plain))).toBe(
      JSON.stringify(toOption(type, table, config, plain)),
    );
  });

  test.each([
    ["one row", (one: Table) => ({ ...one, rows: one.rows.slice(-1) })],
    [
      "every third value empty",
      (one: Table) => withNumbers(one, (value, at) => (at % 3 === 1 ? null : value)),
    ],
    [
      "values below zero",
      (one: Table) => withNumbers(one, (value, at) => (at % 2 === 0 ? value : -Number(value))),
    ],
    ["nothing but zeros", (one: Table) => withNumbers(one, () => 0)],
    ["words where numbers should be", (one: Table) => withNumbers(one, () => "a lot")],
    [
      "enormous and tiny numbers",
      (one: Table) => withNumbers(one, (_value, at) => (at % 2 === 0 ? 1e15 : 1e-9)),
    ],
  ])("draws or explains: %s", (_case, change) => {
    const result = attempt(type, change(table), config);

    if (result instanceof CannotDraw) expect(result.message).toMatch(/\.$/);
    else expect(result).not.toMatch(BROKEN);
  });

  test("keeps hostile names out of its tooltips' HTML", () => {
    const hostile = "<img src=x onerror=alert(1)>";
    const rows = table.rows.map((row) =>
      Object.fromEntries(
        table.columns.map((column) => [
          column,
          table.types[column] === "text" ? `${hostile}${row[column]}` : row[column],
        ]),
      ),
    );
    const option = toOption(type, { ...table, rows }, config, plain);
    const series = Array.isArray(option.series) ? option.series : [];
    const tooltip = Array.isArray(option.tooltip) ? option.tooltip[0] : option.tooltip;
    const formatter = tooltip?.formatter as (given: unknown) => string;

    const html = series.flatMap((one, seriesIndex) =>
      [0, 1].map((dataIndex) =>
        formatter([
          {
            seriesIndex,
            dataIndex,
            seriesName: hostile,
            name: hostile,
            value: 1,
            dataType: "edge",
            data: one,
          },
        ]),
      ),
    );

    expect(html.join("")).not.toContain("<img");
  });

  test("draws ten thousand rows", () => {
    const many = { ...table, rows: Array.from({ length: 10_000 }, (_, at) => numbered(table, at)) };
    const result = attempt(type, many, config);

    expect(typeof result === "string" ? result : result.message).not.toMatch(BROKEN);
  });
});

/** Row `at` of a long answer: new names, so that there are as many categories as rows. */
function numbered(table: Table, at: number) {
  const row = table.rows[at % table.rows.length] ?? {};
  return Object.fromEntries(
    table.columns.map((column) => {
      const type = table.types[column];
      if (type === "text") return [column, `${String(row[column])} ${Math.floor(at / 7)}`];
      if (type === "date") return [column, new Date(Date.UTC(1990, 0, 1 + at)).toISOString().slice(0, 10)];
      return [column, row[column]];
    }),
  );
}

describe("a click", () => {
  test.each([
    ["bar", { dataIndex: 2, seriesIndex: 0 }, { carrier: "ExpressJet Airlines" }],
    ["pie", { dataIndex: 1 }, { carrier: "JetBlue Airways" }],
    ["heatmap", { dataIndex: 20 }, { weekday: "Tue", hour: 6 }],
    ["sankey", { dataType: "edge", dataIndex: 0 }, { origin: "EWR", dest: "ORD" }],
    ["candlestick", { dataIndex: 3 }, { trading_day: "2013-01-04" }],
  ] as const)("on a %s leads to its row", (type, point, expected) => {
    const { table, config } = sampleOf(type);

    const row = DRAWS[type](table, config, plain).rowAt(point);

    expect(table.rows[row ?? -1]).toMatchObject(expected);
  });

  test("on a slice that stands for many rows leads to none", () => {
    const { table, config } = sampleOf("pie");

    expect(DRAWS.pie(table, config, plain).rowAt({ dataIndex: 7 })).toBeUndefined();
  });

  test("on the second series leads to that series' row", () => {
    const sample = SAMPLES.find(({ name }) => name === "bar-stacked");
    if (!sample) throw new Error("no sample");

    const row = DRAWS.bar(sample.table, sample.config, plain).rowAt({ seriesIndex: 1, dataIndex: 11 });

    expect(sample.table.rows[row ?? -1]).toMatchObject({ month: "2013-12-01", origin: "JFK" });
  });
});

describe("what is honest", () => {
  const category = (rows: [string, number][]) => tableOf({ name: "text", value: "int" }, rows);

  test("bars start at zero even when all values are far from it", () => {
    const svg = renderSvg(
      "bar",
      category([
        ["a", 1000],
        ["b", 1001],
      ]),
      {},
      plain,
    );

    expect(svg).toMatch(/>0<\/text>/);
  });

  test("a line may leave zero out", () => {
    const option = toOption(
      "line",
      category([
        ["a", 1000],
        ["b", 1001],
      ]),
      {},
      plain,
    );

    expect(option.yAxis).toMatchObject({ scale: true });
  });

  test("past eight parts the smallest become Other, which keeps the total", () => {
    const rows = Array.from({ length: 20 }, (_, at): [string, number] => [`n${at}`, at + 1]);
    const option = toOption("pie", category(rows), {}, plain);

    const data = (option.series as { data: { name: string; value: number }[] }[])[0]?.data ?? [];
    expect(data).toHaveLength(8);
    expect(data.at(-1)?.name).toBe("Other");
    expect(data.reduce((sum, part) => sum + part.value, 0)).toBe(210);
  });

  test("rows on the same place are added up, and it says so", () => {
    const { notes } = DRAWS.bar(
      category([
        ["a", 1],
        ["a", 2],
      ]),
      {},
      plain,
    );

    expect(notes).toEqual(["1 row fell on a place already taken; their values are added up."]);
  });

  test("a loop is told with its names, and the chart that can show it", () => {
    const loop = tableOf({ a: "text", b: "text", n: "int" }, [
      ["x", "y", 1],
      ["y", "x", 1],
    ]);

    expect(attempt("sankey", loop, {})).toMatchObject({
      code: "loop",
      tryInstead: "chord",
      message: expect.stringContaining("x → y → x"),
    });
    expect(attempt("chord", loop, {})).toContain("<path");
  });

  test("a line of a hundred thousand points is sampled for the screen and keeps every row behind it", () => {
    const rows = Array.from({ length: 100_000 }, (_, at) => [
      new Date(at * 60_000).toISOString().slice(0, 19),
      Math.sin(at),
    ]);
    const drawing = DRAWS.line(tableOf({ at: "timestamp", value: "float" }, rows), {}, plain);

    expect((drawing.option.series as { sampling?: string }[])[0]?.sampling).toBe("lttb");
    expect(drawing.rowAt({ seriesIndex: 0, dataIndex: 99_999 })).toBe(99_999);
  });
});

/** Option of a fixture as JSON has it: functions are left out. Write them anew with UPDATE_FIXTURES=1. */
describe("golden options", () => {
  const folder = fileURLToPath(new URL("./fixtures/", import.meta.url));
  const files = Object.keys(import.meta.glob("./fixtures/*.json")).map(
    (path) => path.split("/").at(-1) ?? "",
  );

  test("there is one for each chart type", () => {
    const types = files.map(
      (file) => (JSON.parse(readFileSync(folder + file, "utf8")) as { type: string }).type,
    );

    expect([...new Set(types)].sort()).toEqual([...CHART_TYPES].sort());
  });

  test.each(files)("%s", (file) => {
    const fixture = JSON.parse(readFileSync(folder + file, "utf8"));
    const option = JSON.parse(JSON.stringify(toOption(fixture.type, fixture.table, fixture.config, plain)));
    if (process.env.UPDATE_FIXTURES)
      writeFileSync(folder + file, `${JSON.stringify({ ...fixture, option }, null, 1)}\n`);

    expect(option).toEqual(process.env.UPDATE_FIXTURES ? option : fixture.option);
  });
});
