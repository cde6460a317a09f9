// @vitest-environment node
import { describe, expect, test } from "vitest";
import type { Table } from "../contract";
import { DRAWS } from "../draws";
import { seriesOf } from "../picking";
import { withMarks } from "./marks";

const ctx = { theme: "light", width: 640, height: 320, locale: "en", timeZone: "UTC" } as const;
const config = { xField: "day", yField: "sales" };
const table: Table = {
  columns: ["day", "sales"],
  types: { day: "date", sales: "int" },
  rows: [10, 11, 90, 12].map((sales, at) => ({ day: `2026-03-0${at + 1}`, sales })),
};
const spike = { x: "2026-03-03", series: null, kind: "high" };

describe("marks on a line", () => {
  const drawing = withMarks(DRAWS.line, [spike], table, config, ctx);

  test("are rings at the points of the rows", () => {
    const rings = seriesOf(drawing.option).at(-1) as { data: { value: unknown }[]; silent: boolean };

    expect(rings.silent).toBe(true);
    expect(rings.data.map(({ value }) => value)).toEqual([[Date.parse("2026-03-03T00:00:00Z"), 90]]);
  });

  test("leave the line, its rows and its tooltip as they were", () => {
    const plain = DRAWS.line(table, config, ctx);
    const { formatter } = drawing.option.tooltip as { formatter: (given: unknown) => string };
    const point = { seriesId: "x", seriesName: "sales", dataIndex: 2, value: [Date.parse("2026-03-03"), 90] };

    expect(seriesOf(drawing.option)[0]?.data).toEqual(seriesOf(plain.option)[0]?.data);
    expect(drawing.rowAt({ seriesIndex: 0, dataIndex: 2 })).toBe(2);
    expect(formatter([point, { ...point, seriesId: "explain-marks" }])).toBe(formatter([point]));
  });
});

test("a marked bar has an outline", () => {
  const [bars] = seriesOf(withMarks(DRAWS.bar, [spike], table, config, ctx).option);

  const styled = bars?.data?.map((one) => JSON.stringify(one).includes('"borderWidth":2.5'));
  expect(styled).toEqual([false, false, true, false]);
});

test("a mark of one series marks that series alone", () => {
  const split: Table = {
    columns: ["day", "who", "sales"],
    types: { day: "date", who: "text", sales: "int" },
    rows: table.rows.flatMap((row) => ["a", "b"].map((who) => ({ ...row, who }))),
  };
  const wide = { ...config, seriesField: "who" };

  const of = (series: string | null) => withMarks(DRAWS.line, [{ ...spike, series }], split, wide, ctx);

  expect((seriesOf(of("b").option).at(-1)?.data ?? []).length).toBe(1);
  expect(seriesOf(of(null).option).length).toBe(2);
});

test("ranks, and points that are not drawn, leave the drawing as it is", () => {
  const marks = [
    { ...spike, kind: "lead" },
    { ...spike, x: "1999-01-01" },
  ];

  expect(seriesOf(withMarks(DRAWS.line, marks, table, config, ctx).option).length).toBe(1);
});
