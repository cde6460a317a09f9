import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Suspense, useState } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { forgetTileData } from "@/api/tile-data";
import type { Dashboard, TileData } from "@/api/types";
import type { BodyProps } from "@/features/dashboards/body";
import { DashboardView } from "@/features/dashboards/DashboardView";
import type { StateSearch } from "@/interaction/address";
import { setLocale } from "@/lib/locale";
import type { DashboardSearch } from "@/lib/url";
import { fakeServer, makeDashboard, makeTile, makeTileData, renderPage } from "../make";

beforeEach(() => setLocale("en"));
afterEach(() => {
  forgetTileData();
  vi.unstubAllGlobals();
});

type Search = DashboardSearch & StateSearch;

/** Instead of charts: a button for the first row, and whether it is dimmed. */
function Body({ tile, data, onPoint, isSelected, onChooseFilter }: BodyProps) {
  const row = data?.data?.rows[0] ?? {};
  if (data?.error)
    return (
      <button type="button" onClick={onChooseFilter}>
        {data.error}
      </button>
    );
  const words = `${tile.title}: ${Object.values(row).join(" ")}`;
  return onPoint ? (
    <button
      type="button"
      onClick={() => onPoint({ values: row, x: 5, y: 5 })}
      data-dim={isSelected && !isSelected(row)}
    >
      {words}
    </button>
  ) : (
    <p>{words}</p>
  );
}

const LEVELS = [
  { id_column: "region", label: "region" },
  { id_column: "city", label: "city" },
];
const chart = (id: string, title: string, chart_config: Record<string, unknown>) =>
  makeTile({
    id,
    title,
    tile_type: "chart",
    chart_type: "bar",
    chart_config: { xField: "region", yField: "revenue", ...chart_config },
  });
const FILTERS = [
  { name: "day", label: "Day", type: "date_range", field: "day" },
  { name: "kind", label: "Kind", type: "multi_select", field: "kind", options: ["A", "B"] },
];
const dashboard = (extra: Partial<Dashboard> = {}) =>
  makeDashboard({
    filters: FILTERS,
    tiles: [
      chart("aaaaaaaa-1", "Sales", {
        cross_filter_enabled: true,
        drill_levels: LEVELS,
        detail_query: "SELECT 1",
      }),
      { ...chart("bbbbbbbb-2", "Other", { cross_filter_enabled: true }), grid_x: 6 },
    ],
    ...extra,
  });

/** The view with an address that it changes itself; `searches` are all that it had. */
async function show(made: Dashboard, first: Search = {}, answers: Partial<TileData>[] = [{}, {}]) {
  const bodies: Record<string, unknown[]> = { stream: [], drill: [], detail: [] };
  const searches: { search: Search; push: boolean }[] = [];
  const results = made.tiles.map((tile, at) => makeTileData({ id: tile.id, ...answers[at] }));
  const server = fakeServer({
    "GET /api/dashboards/d1": () => Response.json(made),
    "POST /api/dashboards/d1/data/stream": (body) => {
      bodies.stream?.push(body);
      const wanted = (body as { tile_ids?: string[] }).tile_ids;
      const told = results.filter((one) => !wanted || wanted.includes(one.id));
      const lines = [...told, { done: true, tiles: told.length, duration_ms: 1 }];
      return new Response(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    },
    "POST /api/dashboards/d1/tiles/aaaaaaaa-1/drill": (body) => {
      bodies.drill?.push(body);
      const rows = [{ city: "Oslo", revenue: 9 }];
      return Response.json(
        makeTileData({
          id: "aaaaaaaa-1",
          data: { columns: ["city", "revenue"], rows },
          types: { city: "text", revenue: "int" },
        }),
      );
    },
    "POST /api/dashboards/d1/tiles/aaaaaaaa-1/detail": (body) => {
      bodies.detail?.push(body);
      return Response.json({
        columns: ["order"],
        rows: [{ order: "first" }],
        types: { order: "text" },
        row_count: 1,
        truncated: true,
        filters_ignored: [],
      });
    },
  });
  vi.stubGlobal("fetch", server.fetch);
  function Page() {
    const [search, setSearch] = useState<Search>(first);
    const onSearch = (change: Partial<Search>, push = false) =>
      setSearch((now) => {
        const merged = Object.entries({ ...now, ...change }).filter(([, value]) => value !== undefined);
        const next = Object.fromEntries(merged) as Search;
        searches.push({ search: next, push });
        return next;
      });
    return (
      <Suspense fallback="waiting">
        <DashboardView
          id="d1"
          search={search}
          onSearch={onSearch}
          onLeave={() => undefined}
          Body={Body}
          Editor={() => null}
        />
      </Suspense>
    );
  }
  await renderPage(<Page />);
  return { bodies, searches };
}

describe("filters", () => {
  test("in the address are in the first request, and on their pills", async () => {
    const { bodies } = await show(dashboard(), { "f.day": "last_7_days", "f.kind": "A~B" });

    expect(await screen.findByText("Other: North 150")).toBeInTheDocument();
    expect(bodies.stream).toEqual([
      { page_id: "p1", filter_values: { day: { relative: "last_7_days" }, kind: ["A", "B"] } },
    ]);
    expect(screen.getByRole("button", { name: /^Day: Last 7 days/ })).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Kind: A +1" })).toBeInTheDocument();
  });

  test("are cleared one by one, or all together", async () => {
    const { bodies, searches } = await show(dashboard(), { "f.day": "last_7_days", "f.kind": "A" });
    await screen.findByText("Other: North 150");

    await userEvent.click(screen.getByRole("button", { name: "Clear Day" }));
    await userEvent.click(screen.getByRole("button", { name: "Reset all filters" }));

    expect(searches).toEqual([
      { search: { "f.kind": "A" }, push: true },
      { search: {}, push: true },
    ]);
    await waitFor(() => expect(bodies.stream?.at(-1)).toEqual({ page_id: "p1" }));
  });

  test("say on each tile how many apply, and which does not", async () => {
    await show(dashboard(), { "f.day": "last_7_days", "f.kind": "A" }, [{}, { filters_ignored: ["day"] }]);

    const [first, second] = await screen.findAllByRole("article");
    await screen.findByText("Other: North 150");

    expect(
      within(first as HTMLElement).getByLabelText("2 filters apply here: Day: Last 7 days; Kind: A"),
    ).toBeInTheDocument();
    expect(
      within(second as HTMLElement).getByLabelText(
        "1 filter applies here: Kind: A. Not applied here: Day: Last 7 days",
      ),
    ).toBeInTheDocument();
  });

  test("that are for no tile of the page have no pill", async () => {
    await show(dashboard({ filters: [{ ...FILTERS[0], targets: ["cccccccc-3"] }] }));
    await screen.findByText("Other: North 150");

    expect(screen.queryByTestId("filter-bar")).not.toBeInTheDocument();
  });

  test("that a tile waits for are opened from its card", async () => {
    const waiting = dashboard({ filters: [{ ...FILTERS[1], required: true }] });
    const needs = { data: null, error: "needs a value for Kind", error_code: "needs_value" };
    await show(waiting, {}, [needs, needs]);

    const [card] = await screen.findAllByRole("button", { name: "needs a value for Kind" });
    await userEvent.click(card as HTMLElement);

    expect(await screen.findByRole("checkbox", { name: "A" })).toBeInTheDocument();
    expect(screen.getByText("needs a value")).toBeInTheDocument();
  });
});

describe("a click", () => {
  test("that can mean one thing does it; the same again takes it back", async () => {
    const { bodies, searches } = await show(dashboard());
    const mark = await screen.findByRole("button", { name: "Other: North 150" });

    await userEvent.click(mark);
    expect(await screen.findByRole("button", { name: "Remove North" })).toBeInTheDocument();
    await userEvent.click(mark);

    expect(searches.map((one) => one.search)).toEqual([{ "x.bbbbbbbb.region": "North" }, {}]);
    await waitFor(() => expect(bodies.stream).toHaveLength(3));
    expect(bodies.stream?.[1]).toEqual({
      page_id: "p1",
      cross_filters: [{ source_tile_id: "bbbbbbbb-2", column: "region", operator: "in", values: ["North"] }],
    });
  });

  test("dims its own tile's other marks, and Escape takes it back", async () => {
    const { searches } = await show(dashboard(), { "x.bbbbbbbb.region": "South" });

    expect(await screen.findByRole("button", { name: "Other: North 150" })).toHaveAttribute(
      "data-dim",
      "true",
    );
    await userEvent.keyboard("{Escape}");

    expect(searches.at(-1)?.search).toEqual({});
  });

  test("that can mean several offers them; down a level is its own request and a step for Back", async () => {
    const { bodies, searches } = await show(dashboard(), { "f.kind": "A" });

    await userEvent.click(await screen.findByRole("button", { name: "Sales: North 150" }));
    const items = await screen.findAllByRole("menuitem");
    expect(items.map((item) => item.textContent)).toEqual([
      "Open North by city",
      "Filter the others by North",
      "Show the rows behind it",
    ]);
    await userEvent.click(items[0] as HTMLElement);

    expect(await screen.findByText("Sales: Oslo 9")).toBeInTheDocument();
    expect(searches).toEqual([{ search: { "f.kind": "A", "d.aaaaaaaa": "North" }, push: true }]);
    expect(bodies.drill).toEqual([
      {
        filter_values: { kind: ["A"] },
        drill_path: [{ level: 0, id_column: "region", value: "North" }],
      },
    ]);
    expect(bodies.stream).toHaveLength(1);
  });

  test("up again by the path, or by Backspace on the tile", async () => {
    const { bodies, searches } = await show(dashboard(), { "d.aaaaaaaa": "North" });
    await screen.findByText("Sales: Oslo 9");
    expect(bodies.stream).toEqual([{ tile_ids: ["bbbbbbbb-2"] }]);
    const path = screen.getByRole("navigation", { name: "Path down the levels" });
    expect(path).toHaveTextContent("AllNorth");

    screen.getByRole("article", { name: "Tile: Sales" }).focus();
    await userEvent.keyboard("{Backspace}");

    expect(searches).toEqual([{ search: {}, push: true }]);
  });

  test("shows the rows behind it, with what they are and how many", async () => {
    const { bodies } = await show(dashboard(), { "x.bbbbbbbb.region": "South" });
    await userEvent.click(await screen.findByRole("button", { name: "Sales: North 150" }));

    await userEvent.click(await screen.findByRole("menuitem", { name: "Show the rows behind it" }));

    const dialog = await screen.findByRole("dialog");
    expect(await within(dialog).findByText("First 1 rows")).toBeInTheDocument();
    expect(await within(dialog).findByRole("cell", { name: "first" })).toBeInTheDocument();
    expect(dialog).toHaveTextContent("North");
    expect(bodies.detail).toEqual([
      {
        dimensions: { region: "North" },
        cross_filters: [
          { source_tile_id: "bbbbbbbb-2", column: "region", operator: "in", values: ["South"] },
        ],
      },
    ]);
  });
});

test("a file is asked for in the state that is seen", async () => {
  await show(dashboard(), { "f.kind": "A", "d.aaaaaaaa": "North" });
  await screen.findByText("Sales: Oslo 9");
  const asked: unknown[] = [];
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    asked.push([path, JSON.parse(String(init?.body))]);
    return Response.json({ detail: "The file is too large" }, { status: 413 });
  });

  await userEvent.click(screen.getByRole("button", { name: "Actions for Sales" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Download CSV" }));

  await waitFor(() => expect(asked).toHaveLength(1));
  expect(asked[0]).toEqual([
    "/api/dashboards/d1/tiles/aaaaaaaa-1/export",
    {
      format: "csv",
      filter_values: { kind: ["A"] },
      drill_path: [{ level: 0, id_column: "region", value: "North" }],
    },
  ]);
});
