// @vitest-environment node
import { describe, expect, test } from "vitest";
import type { Draw, Table } from "../contract";
import { DRAWS } from "../draws";
import { seriesOf } from "../picking";
import { withForecast } from "./forecast";

const ctx = { theme: "light", width: 640, height: 320, locale: "en", timeZone: "UTC" } as const;
const table: Table = {
  columns: ["month", "sales"],
  types: { month: "date", sales: "float" },
  rows: [1, 2, 3, 4].map((n) => ({ month: `2026-0${n}-01`, sales: n * 10 })),
};
const config = { xField: "month", yField: "sales" };
const series = [
  { name: null, x: ["2026-05-01", "2026-06-01"], y: [50, 60], lower: [45, 50], upper: [55, 70] },
];
const over = (
  draw: Draw,
  of = table,
  with_ = config,
  what = series as Parameters<typeof withForecast>[1]["series"],
) => withForecast(draw, { series: what, label: "Forecast" }, of, with_, ctx);
const day = (text: string) => Date.parse(`${text}T00:00:00Z`);

describe("a forecast over a line", () => {
  const drawing = over(DRAWS.line);
  const drawn = seriesOf(drawing.option);

  test("is a dashed line from the last real point, in the colour of its series", () => {
    const line = drawn.at(-1) as { data: unknown; lineStyle: { type: unknown; color: string } };

    expect(line.data).toEqual([
      [day("2026-04-01"), 40],
      [day("2026-05-01"), 50],
      [day("2026-06-01"), 60],
    ]);
    expect(line.lineStyle.type).toEqual([5, 4]);
    expect(line.lineStyle.color).toBe((drawn[0] as { itemStyle: { color: string } }).itemStyle.color);
  });

  test("has its band from the lower bound to the upper one", () => {
    const [, lower, width] = drawn as { data: [number, number][] }[];

    expect(lower?.data.map(([, value]) => value)).toEqual([40, 45, 50]);
    expect(width?.data.map(([, value]) => value)).toEqual([0, 10, 20]);
  });

  test("makes the axis longer and leaves the real line and its rows as they were", () => {
    expect((drawing.option.xAxis as { max: number }).max).toBe(day("2026-06-01"));
    expect(drawing.rowAt({ seriesIndex: 0, dataIndex: 3 })).toBe(3);
    expect(drawing.rowAt({ seriesIndex: 3, dataIndex: 1 })).toBeUndefined();
  });

  test("tells its bounds in the tooltip, and nothing of the band", () => {
    const { formatter } = drawing.option.tooltip as { formatter: (given: unknown) => string };
    const at = (seriesId: string, value: number[]) => ({
      seriesId,
      seriesName: "Forecast",
      dataIndex: 1,
      value,
    });

    const html = formatter([
      at("forecast-band-0-lower", [day("2026-05-01"), 45]),
      at("forecast-band-0-width", [day("2026-05-01"), 10]),
      at("forecast-line-0", [day("2026-05-01"), 50]),
    ]);

    expect(html).toContain("Forecast (45 – 55)");
    expect(html.match(/Forecast/g)).toHaveLength(1);
  });
});

test("over bars the forecast stands on the places after the last bar", () => {
  const drawn = seriesOf(over(DRAWS.bar).option);

  expect(drawn[0]?.type).toBe("bar");
  expect(drawn.at(-1)?.data).toEqual(["-", "-", "-", 40, 50, 60]);
});

test("each of several series is continued in its own colour, and one that is not drawn is left out", () => {
  const rows = table.rows.flatMap((row) => [
    { ...row, who: "a" },
    { ...row, who: "b" },
  ]);
  const wide = { columns: ["month", "sales", "who"], types: { ...table.types, who: "text" }, rows };
  const [first] = series;
  const three = ["a", "b", "gone"].flatMap((name) => (first ? [{ ...first, name }] : []));

  const { option } = over(DRAWS.line, wide, { ...config, seriesField: "who" } as typeof config, three);

  const lines = seriesOf(option).filter((one) => "id" in one && String(one.id).startsWith("forecast-line"));
  expect(lines.map((one) => ("name" in one ? one.name : ""))).toEqual(["a, forecast", "b, forecast"]);
  expect(new Set(lines.map((one) => JSON.stringify("color" in one && one.color))).size).toBe(2);
});

test("periods by name, as quarters, are places too", () => {
  const quarters = ["2025-Q3", "2025-Q4", "2026-Q1"];
  const named = {
    ...table,
    types: { month: "text", sales: "float" },
    rows: quarters.map((month) => ({ month, sales: 5 })),
  };
  const next = [{ name: null, x: ["2026-Q2"], y: [6], lower: [5], upper: [7] }];

  expect(seriesOf(over(DRAWS.line, named, config, next).option).at(-1)?.data).toEqual(["-", "-", 5, 6]);
});

test("a period that was not over is drawn as it is and as it is expected to become", () => {
  const [first] = series;
  const again = first ? [{ ...first, x: ["2026-04-01", "2026-05-01"] }] : [];

  const data = seriesOf(over(DRAWS.line, table, config, again).option).at(-1)?.data;

  expect(data).toEqual([
    [day("2026-03-01"), 30],
    [day("2026-04-01"), 50],
    [day("2026-05-01"), 60],
  ]);
});
