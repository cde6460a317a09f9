import { MantineProvider } from "@mantine/core";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test, vi } from "vitest";
import type { TileData } from "@/api/types";
import { CannotDraw, type Table } from "@/charts/contract";
import { tableOf } from "@/charts/fixtures/samples";
import { columnsOf } from "./cells";
import { TileBody, type TileBodyProps } from "./index";
import { readKpi, sparkPath } from "./kpi";
import { safeLink } from "./links";

const months = tableOf({ month: "date", flights: "int", flights_prev: "int" }, [
  ["2013-01-01", 27004, null],
  ["2013-02-01", 24951, 27004],
  ["2013-03-01", 28834, 24951],
]);

const ctx = { theme: "light", locale: "en", timeZone: "UTC" } as const;

function dataOf(table: Table | null, more: Partial<TileData> = {}): TileData {
  return {
    id: "t",
    title: "Flights",
    tile_type: "chart",
    data: table && { columns: [...table.columns], rows: [...table.rows] },
    error: null,
    error_code: null,
    executed_at: "2013-12-31T00:00:00Z",
    types: (table?.types ?? {}) as TileData["types"],
    row_count: table?.rows.length ?? 0,
    truncated: false,
    cache: "fresh",
    duration_ms: 1,
    warnings: [],
    ...more,
  };
}

function show(
  tile: Partial<TileBodyProps["tile"]>,
  data: TileData | undefined,
  more: Partial<TileBodyProps> = {},
) {
  const whole = {
    title: "Flights",
    tile_type: "chart" as const,
    chart_type: "bar" as const,
    chart_config: {},
    content: null,
    ...tile,
  };
  return render(
    <MantineProvider env="test">
      <TileBody tile={whole} data={data} loading={false} ctx={ctx} {...more} />
    </MantineProvider>,
  );
}

describe("a KPI", () => {
  const config = { valueField: "flights", comparisonField: "flights_prev" };

  test("takes value and comparison from the last row, and its line from all", () => {
    const kpi = readKpi(months, { ...config, showSparkline: true }, "en");

    expect(kpi).toMatchObject({ text: "28.8K", full: "28,834", spark: [27004, 24951, 28834] });
    expect(kpi.delta).toEqual({ direction: "up", mood: "good", text: "15.6%", before: "25K" });
  });

  test("is compared with its _prev column unless another one is named", () => {
    const named = { valueField: "flights", comparisonField: "flights" };

    expect(readKpi(months, { valueField: "flights" }, "en").delta).toMatchObject({ text: "15.6%" });
    expect(readKpi(months, named, "en").delta).toMatchObject({ direction: "flat" });
  });

  test("waits for a filter, and leads to it", async () => {
    const onChooseFilter = vi.fn();
    const waiting = dataOf(null, { error: "needs a value for Kind", error_code: "needs_value" });

    show({}, waiting, { onChooseFilter });
    await userEvent.click(screen.getByRole("button", { name: "Choose a value" }));

    expect(screen.getByRole("note")).toHaveTextContent("Waiting for a filter");
    expect(onChooseFilter).toHaveBeenCalledOnce();
  });

  test("turns the colour when lower is better, never the arrow", () => {
    expect(readKpi(months, { ...config, lowerIsBetter: true }, "en").delta).toMatchObject({
      direction: "up",
      mood: "bad",
    });
  });

  test.each([
    [10, 10, { direction: "flat", mood: "neutral", text: "0%" }],
    [5, 0, { direction: "up", mood: "good", text: "5" }],
    [-5, -10, { direction: "up", mood: "good", text: "50%" }],
    [-5, 10, { direction: "down", mood: "bad", text: "150%" }],
  ])("%d after %d is told as %j", (value, before, expected) => {
    const table = tableOf({ flights: "int", flights_prev: "int" }, [[value, before]]);

    expect(readKpi(table, config, "en").delta).toMatchObject(expected);
  });

  test("writes prefix, suffix and decimals as the config has them", () => {
    const table = tableOf({ metric: "decimal" }, [["4.8235"]]);

    expect(readKpi(table, { valueField: "metric", prefix: "$", suffix: "M", decimals: 1 }, "en").text).toBe(
      "$4.8M",
    );
  });

  test("does not put its own magnitude beside the author's", () => {
    const table = tableOf({ metric: "int" }, [[48235]]);

    expect(readKpi(table, { suffix: "M" }, "en").text).toBe("48,235M");
    expect(readKpi(table, { valueField: "metric", valueFormat: "number" }, "en").text).toBe("48,235");
  });

  test("refuses a last row without a number, and a column that is not there", () => {
    expect(() => readKpi(tableOf({ n: "int" }, [[1], [null]]), { valueField: "n" }, "en")).toThrow(
      CannotDraw,
    );
    expect(() => readKpi(months, { valueField: "gone" }, "en")).toThrow("“gone”");
  });

  test("draws gaps as gaps, and a flat line in the middle of nothing", () => {
    expect(sparkPath([1, null, 3]).line).toBe("M0 92M100 8");
    expect(sparkPath([5, 5]).line).toBe("M0 92L100 92");
    expect(sparkPath(Array.from({ length: 5000 }, (_, at) => at)).line.split("L").length).toBe(240);
  });

  test("shows its figure with every digit on hover, and the comparison", () => {
    show({ tile_type: "kpi", chart_config: { ...config, compareLabel: "vs last month" } }, dataOf(months));

    expect(screen.getByText("28.8K")).toHaveAttribute("title", "28,834");
    expect(screen.getByText("vs last month")).toBeInTheDocument();
  });
});

describe("a cell of a table", () => {
  const cell = (types: Record<string, string>, values: unknown[], config = {}) => {
    const table = tableOf(
      types,
      values.map((value) => [value]),
    );
    const [column] = columnsOf(table, config, "en", "America/New_York");
    return values.map((value, at) => column?.format(value, at));
  };

  test.each([
    [{ n: "int" }, [1234567], ["1,234,567"]],
    [{ year: "int" }, [2013], ["2013"]],
    [{ flight_id: "int" }, [1545], ["1545"]],
    [{ n: "float" }, [1, 2.5], ["1.0", "2.5"]],
    [{ n: "float" }, [0.12345, 0.5], ["0.1235", "0.5000"]],
    [{ n: "bigint" }, ["9007199254740993"], ["9,007,199,254,740,993"]],
    [{ n: "decimal" }, ["12.5", "3.25"], ["12.50", "3.25"]],
    [{ d: "date" }, ["2013-01-05"], ["Jan 5, 2013"]],
    [{ d: "timestamptz" }, ["2013-01-05T02:30:00Z"], ["Jan 4, 2013, 21:30"]],
    [{ d: "timestamp" }, ["2013-01-05T02:30:00"], ["Jan 5, 2013, 02:30"]],
    [{ m: "text" }, ["2013-01"], ["Jan 2013"]],
    [{ b: "bool" }, [true], ["true"]],
    [{ j: "json" }, [{ a: [1] }], ['{"a":[1]}']],
  ])("%j of %j reads %j", (types, values, expected) => {
    expect(cell(types, values)).toEqual(expected);
  });

  test("follows the settings of its column", () => {
    const columns = [
      { field: "share", label: "Share", format: "percent" },
      { field: "secret", hidden: true },
    ];
    const table = tableOf({ secret: "int", share: "float", name: "text" }, [[1, 0.25, "a"]]);

    const made = columnsOf(table, { columns }, "en", "UTC");

    expect(made.map((column) => column.label)).toEqual(["Share", "Name"]);
    expect(made[0]?.format(0.25, 0)).toBe("25%");
  });

  test("has as many decimals in a percent column as the finest cell needs", () => {
    const columns = [{ field: "share", format: "percent" }];
    const [column] = columnsOf(tableOf({ share: "float" }, [[0.73], [0.775]]), { columns }, "en", "UTC");

    expect([column?.format(0.73, 0), column?.format(0.775, 1)]).toEqual(["73.0%", "77.5%"]);
  });
});

describe("a table", () => {
  const flights = tableOf({ carrier: "text", delay: "float" }, [
    ["UA", 9],
    ["AA", null],
    ["DL", 10],
    ["B6", -2],
  ]);
  const firstCells = () =>
    screen
      .getAllByRole("row")
      .slice(1)
      .map((row) => within(row).getAllByRole("cell")[0]?.textContent);

  test("sorts by a click on a header, largest numbers first and empty cells last both ways", async () => {
    show({ tile_type: "table" }, dataOf(flights));
    const header = await screen.findByRole("button", { name: /delay/i });

    await userEvent.click(header);
    expect(screen.getByRole("columnheader", { name: /delay/i })).toHaveAttribute("aria-sort", "descending");
    expect(firstCells()).toEqual(["DL", "UA", "B6", "AA"]);

    await userEvent.click(header);
    expect(firstCells()).toEqual(["B6", "UA", "DL", "AA"]);
  });

  test("turns pages", async () => {
    show({ tile_type: "table", chart_config: { pageSize: 3 } }, dataOf(flights));

    expect(await screen.findByText("1–3 of 4")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Next page" }));

    expect(firstCells()).toEqual(["B6"]);
    expect(screen.getByRole("button", { name: "Next page" })).toBeDisabled();
  });

  test("finds rows by what is written in them", async () => {
    show({ tile_type: "table", chart_config: { showSearch: true } }, dataOf(flights));

    await userEvent.type(await screen.findByRole("searchbox"), "dl");

    expect(firstCells()).toEqual(["DL"]);
  });

  test("of many rows puts only those near the window into the page", async () => {
    vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(400);
    const many = tableOf(
      { n: "int" },
      Array.from({ length: 10_000 }, (_, at) => [at]),
    );
    show({ tile_type: "table" }, dataOf(many));

    await screen.findByText("3");
    expect(screen.getAllByRole("row").length).toBeLessThan(60);
  });

  test("hands over the row that is picked, by click and by Enter", async () => {
    const onPoint = vi.fn();
    show({ tile_type: "table" }, dataOf(flights), { onPoint });

    await userEvent.click(await screen.findByText("DL"));
    screen.getByText("UA").closest("tr")?.focus();
    await userEvent.keyboard("{Enter}");

    expect(onPoint.mock.calls.map(([click]) => click.values)).toEqual([flights.rows[2], flights.rows[0]]);
  });
});

describe("a text", () => {
  test("draws Markdown, and no HTML, script or image at all", async () => {
    const content = [
      "## Heading",
      "**bold** <b>raw</b> <script>alert(1)</script>",
      "[ok](https://example.org) [mail](mailto:a@example.org) [here](/dashboards/1)",
      "[bad](javascript:alert(1)) [data](data:text/html,x) [other](//evil.example)",
      "![pixel](https://evil.example/p.png)",
      "| a | b |\n|---|---|\n| 1 | 2 |",
    ].join("\n\n");
    const { container } = show({ tile_type: "text", content }, undefined);

    expect(await screen.findByRole("heading", { name: "Heading" })).toBeInTheDocument();
    expect(screen.getByRole("table")).toBeInTheDocument();
    expect(container.querySelectorAll("script, img, iframe, b")).toHaveLength(0);
    expect(screen.getAllByRole("link").map((link) => link.getAttribute("href"))).toEqual([
      "https://example.org",
      "mailto:a@example.org",
      "/dashboards/1",
    ]);
    for (const link of screen.getAllByRole("link"))
      expect(link).toHaveAttribute("rel", "noopener noreferrer");
  });

  test.each([
    ["https://example.org/a?b#c", true],
    ["page#part", true],
    ["#part", true],
    ["../up", true],
    ["javascript:alert(1)", false],
    ["JaVaScRiPt:alert(1)", false],
    [" java\nscript:alert(1)", false],
    ["vbscript:x", false],
    ["file:///etc/passwd", false],
    ["//evil.example", false],
    ["/\\evil.example", false],
    ["", false],
    [undefined, false],
  ])("a link to %j is allowed: %s", (href, isAllowed) => {
    expect(safeLink(href) !== undefined).toBe(isAllowed);
  });
});

describe("a tile's state", () => {
  test("before the first answer is a skeleton that says what loads", () => {
    show({}, undefined, { loading: true });

    expect(screen.getByRole("status", { name: "Flights: loading" })).toBeInTheDocument();
  });

  test("keeps the old answer while a new one is on its way", () => {
    show({ tile_type: "kpi" }, dataOf(months), { loading: true });

    expect(screen.getByText("28.8K")).toBeInTheDocument();
    expect(screen.queryByRole("status")).not.toBeInTheDocument();
  });

  test("keeps its elements when new rows arrive", () => {
    const tile = {
      title: "Flights",
      tile_type: "kpi" as const,
      chart_type: null,
      chart_config: {},
      content: null,
    };
    const draw = (data: TileData) => (
      <MantineProvider env="test">
        <TileBody tile={tile} data={data} loading={false} ctx={ctx} />
      </MantineProvider>
    );
    const { rerender } = render(draw(dataOf(months)));
    const element = screen.getByText("28.8K");

    rerender(draw(dataOf(tableOf({ flights: "int" }, [[7]]), { executed_at: "2014-01-01T00:00:00Z" })));

    expect(screen.getByText("7")).toBe(element);
  });

  test("without rows is not an error", () => {
    show({}, dataOf({ ...months, rows: [] }));

    expect(screen.getByRole("note")).toHaveTextContent("No rows");
  });

  test("with an error says what failed and where, and offers both ways out", async () => {
    const onRetry = vi.fn();
    const onEditQuery = vi.fn();
    const error = {
      error: 'Table "flight" does not exist.',
      error_code: "query_failed",
      error_line: 3,
      error_column: 12,
    };
    show({}, dataOf(null, error), { onRetry, onEditQuery });

    const alert = screen.getByRole("alert");
    expect(alert).toHaveTextContent(
      'The query failedTable "flight" does not exist.query_failed · Line 3, column 12',
    );
    await userEvent.click(within(alert).getByRole("button", { name: "Try again" }));
    await userEvent.click(within(alert).getByRole("button", { name: "Edit query" }));
    expect([onRetry.mock.calls.length, onEditQuery.mock.calls.length]).toEqual([1, 1]);
  });

  test("offers a reader no way that is not theirs", () => {
    show({}, dataOf(null, { error: "No.", error_code: "query_refused" }));

    expect(screen.queryByRole("button")).not.toBeInTheDocument();
  });

  test("with a missing column names it and stays in the tile", () => {
    show({ tile_type: "kpi", chart_config: { valueField: "gone" } }, dataOf(months), {
      onEditQuery: () => undefined,
    });

    expect(screen.getByRole("note")).toHaveTextContent("A column is missing");
    expect(screen.getByRole("note")).toHaveTextContent("“gone”. It returns: month, flights, flights_prev.");
    expect(screen.getByRole("button", { name: "Edit tile" })).toBeInTheDocument();
  });

  test("that was cut says at how many rows, and passes warnings on", async () => {
    show(
      { tile_type: "table" },
      dataOf(months, { truncated: true, row_count: 10000, warnings: ["Filter “city” cannot apply."] }),
    );

    expect(await screen.findByText("First 10,000 rows only")).toBeInTheDocument();
    expect(
      screen.getByRole("button", { name: "1 note on this tile: Filter “city” cannot apply." }),
    ).toBeInTheDocument();
  });

  test("of a new tile invites to write its query", async () => {
    const onEditQuery = vi.fn();
    show({ query: "" }, undefined, { onEditQuery });

    await userEvent.click(screen.getByRole("button", { name: "Write a query" }));

    expect(onEditQuery).toHaveBeenCalledOnce();
  });

  test("shows a chart's rows as a table when asked", async () => {
    show({ chart_type: "line" }, dataOf(months), { asTable: true });

    expect(await screen.findByRole("table")).toBeInTheDocument();
    expect(screen.getByText("28,834")).toBeInTheDocument();
  });
});
