/** KPIs, tables, texts, states, and data that charts find hard. */
import type { TileData } from "../src/api/types";
import type { ChartConfig, ChartType, Table } from "../src/charts/contract";
import type { dice as Dice, tableOf as TableOf } from "../src/charts/fixtures/samples";
import type { Shown } from "./main";

type DataOf = (title: string, table: Table) => TileData;

export function cases(dataOf: DataOf, dice: typeof Dice, tableOf: typeof TableOf): Shown[] {
  const roll = dice(1);
  const chart = (
    title: string,
    type: ChartType,
    config: ChartConfig,
    table: Table,
    more: Partial<TileData> = {},
  ): Shown => ({
    tile: {
      title,
      tile_type: "chart",
      chart_type: type,
      chart_config: config,
      content: null,
      query: "SELECT 1",
    },
    data: { ...dataOf(title, table), ...more },
  });
  const kpi = (title: string, config: ChartConfig, table: Table, size = {}): Shown => ({
    tile: { title, tile_type: "kpi", chart_type: null, chart_config: config, content: null },
    data: dataOf(title, table),
    width: 250,
    height: 170,
    ...size,
  });
  const months = tableOf(
    {
      month: "date",
      flights: "int",
      flights_prev: "int",
      delay: "float",
      delay_prev: "float",
      revenue: "decimal",
    },
    [27004, 24951, 28834, 28330, 28796, 28243, 29425, 29327, 27574, 28889, 27268, 28135].map(
      (flights, at, all) => [
        `2013-${String(at + 1).padStart(2, "0")}-01`,
        flights,
        all[at - 1] ?? null,
        12 + 5 * Math.sin(at),
        12 + 5 * Math.sin(at - 1),
        String(flights * 171.25),
      ],
    ),
  );
  const many = tableOf(
    {
      id: "int",
      tailnum: "text",
      dest: "text",
      dep_time: "timestamptz",
      dep_delay: "float",
      distance: "int",
      air_time: "decimal",
      big: "bigint",
    },
    Array.from({ length: 5000 }, (_, at) => [
      at + 1,
      roll() > 0.1 ? `N${Math.floor(roll() * 90000 + 10000)}` : null,
      ["ORD", "ATL", "LAX", "BOS"][at % 4],
      new Date(Date.UTC(2013, 0, 1, 5, at * 7)).toISOString(),
      Number((roll() * 60 - 10).toFixed(1)),
      Math.round(roll() * 2500),
      (roll() * 400).toFixed(2),
      String(9007199254740993n + BigInt(at)),
    ]),
  );
  const fifty = tableOf(
    { department: "text", amount: "int" },
    Array.from({ length: 50 }, (_, at) => [
      `Department of ${["Research and Development", "Sales", "People Operations"][at % 3]} ${at + 1}`,
      Math.round(1000 * roll()) - 200,
    ]),
  );
  const series = tableOf(
    { day: "date", city: "text", visits: "int" },
    Array.from({ length: 15 }, (_, city) => city).flatMap((city) =>
      Array.from({ length: 60 }, (_, at) => [
        new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10),
        `City ${city + 1}`,
        Math.round(100 + city * 25 + 40 * Math.sin(at / 6 + city) + 20 * roll()),
      ]),
    ),
  );
  const huge = tableOf(
    { at: "timestamp", value: "float" },
    Array.from({ length: 100_000 }, (_, at) => [
      new Date(Date.UTC(2020, 0, 1) + at * 600_000).toISOString().slice(0, 19),
      Math.sin(at / 900) * 50 + roll() * 20,
    ]),
  );
  const cloud = tableOf(
    { x: "float", y: "float" },
    Array.from({ length: 100_000 }, () => {
      const x = (roll() + roll() + roll() - 1.5) * 60;
      return [x, x * 0.7 + (roll() + roll() - 1) * 50];
    }),
  );
  const loop = tableOf({ a: "text", b: "text", n: "int" }, [
    ["Home", "Search", 5],
    ["Search", "Product", 4],
    ["Product", "Home", 2],
  ]);
  const one = tableOf({ region: "text", sales: "int" }, [["North", 4200]]);
  const nulls = tableOf({ region: "text", sales: "int" }, [
    ["North", null],
    ["South", null],
  ]);
  const grid = tableOf(
    { x: "int", y: "int", v: "float" },
    Array.from({ length: 10_000 }, (_, at) => [
      at % 100,
      Math.floor(at / 100),
      Math.sin((at % 100) / 12) * Math.cos(Math.floor(at / 100) / 9),
    ]),
  );
  return [
    kpi(
      "Flights",
      {
        valueField: "flights",
        comparisonField: "flights_prev",
        compareLabel: "vs previous month",
        showSparkline: true,
        sparklineField: "flights",
      },
      months,
    ),
    kpi(
      "Mean delay",
      {
        valueField: "delay",
        comparisonField: "delay_prev",
        lowerIsBetter: true,
        suffix: " min",
        decimals: 1,
      },
      months,
    ),
    kpi("Revenue", { valueField: "revenue", valueFormat: "currency", showSparkline: true }, months),
    kpi("On time", { valueField: "share", valueFormat: "percent" }, tableOf({ share: "float" }, [[0.7456]])),
    kpi("Tiny", { valueField: "flights", comparisonField: "flights_prev" }, months, {
      width: 150,
      height: 110,
    }),
    kpi("Wide", { valueField: "flights", comparisonField: "flights_prev", showSparkline: true }, months, {
      width: 454,
      height: 170,
    }),
    {
      tile: {
        title: "Table",
        tile_type: "table",
        chart_type: null,
        chart_config: { zebra: true },
        content: null,
      },
      data: dataOf("Table", many),
      width: 922,
    },
    {
      tile: {
        title: "Table with pages",
        tile_type: "table",
        chart_type: null,
        chart_config: { zebra: true, compact: true, pageSize: 10, showSearch: true },
        content: null,
      },
      data: dataOf("Table", many),
    },
    {
      tile: {
        title: "Text",
        tile_type: "text",
        chart_type: null,
        chart_config: {},
        content:
          "## What this shows\n\nFlights from **EWR**, JFK and LGA in 2013. See the [source](https://example.org).\n\n- Delays grow through the day\n- *Winter* storms stand out\n\n| airport | flights |\n|---|---|\n| EWR | 120,835 |\n| JFK | 111,279 |\n\n<script>alert(1)</script>",
      },
      data: undefined,
    },
    chart("Fifty long names", "bar", { horizontal: true }, fifty),
    chart("Fifty upright", "bar", {}, fifty),
    chart("Fifteen series", "line", { xField: "day", yField: "visits", seriesField: "city" }, series),
    chart(
      "Fifteen stacked",
      "area",
      { xField: "day", yField: "visits", seriesField: "city", stacked: true },
      series,
    ),
    chart("100,000 points", "line", {}, huge),
    chart("100,000 dots", "scatter", {}, cloud),
    chart("10,000 cells", "heatmap", { xField: "x", yField: "y", valueField: "v" }, grid),
    chart("A loop", "sankey", {}, loop),
    chart("A loop as chord", "chord", {}, loop),
    chart("One row", "bar", {}, one),
    chart("One row as pie", "pie", {}, one),
    chart("All null", "bar", {}, nulls),
    chart("Missing column", "bar", { xField: "region", yField: "revenue" }, one),
    chart("No rows", "bar", {}, tableOf({ region: "text" }, [])),
    chart("Error", "bar", {}, one, {
      data: null,
      error: 'Table "flight" does not exist. Did you mean "flights"?',
      error_code: "query_failed",
      error_line: 3,
      error_column: 12,
    }),
    chart("Truncated", "line", { xField: "day", yField: "visits", seriesField: "city" }, series, {
      truncated: true,
      row_count: 10000,
    }),
    {
      tile: { title: "Loading bars", tile_type: "chart", chart_type: "bar", chart_config: {}, content: null },
      data: undefined,
      loading: true,
    },
    {
      tile: {
        title: "Loading round",
        tile_type: "chart",
        chart_type: "pie",
        chart_config: {},
        content: null,
      },
      data: undefined,
      loading: true,
    },
    {
      tile: {
        title: "Loading line",
        tile_type: "chart",
        chart_type: "line",
        chart_config: {},
        content: null,
      },
      data: undefined,
      loading: true,
    },
    {
      tile: { title: "Loading number", tile_type: "kpi", chart_type: null, chart_config: {}, content: null },
      data: undefined,
      loading: true,
      width: 250,
      height: 170,
    },
    {
      tile: {
        title: "New",
        tile_type: "chart",
        chart_type: "bar",
        chart_config: {},
        content: null,
        query: "",
      },
      data: undefined,
    },
  ];
}
