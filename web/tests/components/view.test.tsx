import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Suspense } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { forgetTileData } from "@/api/tile-data";
import type { Dashboard, TileData } from "@/api/types";
import type { BodyProps } from "@/features/dashboards/body";
import { DashboardView } from "@/features/dashboards/DashboardView";
import { setLocale } from "@/lib/locale";
import { fakeServer, makeDashboard, makeTile, makeTileData, renderPage } from "../make";

beforeEach(() => setLocale("en"));
afterEach(() => {
  forgetTileData();
  vi.unstubAllGlobals();
});

/** Instead of charts: what the view hands on. */
function Body({ tile, data, onRetry }: BodyProps) {
  if (data?.error) {
    return (
      <button type="button" onClick={onRetry}>
        {data.error}
      </button>
    );
  }
  return <p>{`${tile.title}: ${data?.row_count ?? "-"}`}</p>;
}

function stream(...results: TileData[]) {
  const lines = [...results, { done: true, tiles: results.length, duration_ms: 1 }];
  return () => new Response(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

const two = [
  makeTile({ id: "t2", title: "Second", grid_x: 6 }),
  makeTile({ id: "t1", title: "First", grid_x: 0 }),
];

function show(dashboard: Dashboard, search = {}, onSearch: (change: object) => void = () => undefined) {
  return renderPage(
    <Suspense fallback="waiting">
      <DashboardView
        id={dashboard.id}
        search={search}
        onSearch={onSearch}
        onLeave={() => undefined}
        Body={Body}
        Editor={() => <p>the editor</p>}
      />
    </Suspense>,
  );
}

describe("a dashboard", () => {
  test("draws its tiles in reading order with their results", async () => {
    const dashboard = makeDashboard({ tiles: two });
    const server = fakeServer({
      "GET /api/dashboards/d1": () => Response.json(dashboard),
      "POST /api/dashboards/d1/data/stream": stream(
        makeTileData({ id: "t1", row_count: 10 }),
        makeTileData({ id: "t2", row_count: 20 }),
      ),
    });
    vi.stubGlobal("fetch", server.fetch);

    await show(dashboard);

    expect(await screen.findByText("First: 10")).toBeInTheDocument();
    expect(await screen.findByText("Second: 20")).toBeInTheDocument();
    const titles = screen
      .getAllByRole("article")
      .map((tile) => within(tile).getByRole("heading").textContent);
    expect(titles).toEqual(["First", "Second"]);
  });

  test("keeps a failing tile's error in that tile, and runs it alone again", async () => {
    const dashboard = makeDashboard({ tiles: two });
    const server = fakeServer({
      "GET /api/dashboards/d1": () => Response.json(dashboard),
      "POST /api/dashboards/d1/data/stream": stream(
        makeTileData({ id: "t1", data: null, error: "No such column: revenu", error_code: "query_failed" }),
        makeTileData({ id: "t2", row_count: 20 }),
      ),
      "GET /api/dashboards/d1/tiles/t1/data": () => Response.json(makeTileData({ id: "t1", row_count: 7 })),
    });
    vi.stubGlobal("fetch", server.fetch);
    await show(dashboard);

    expect(await screen.findByText("Second: 20")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "No such column: revenu" }));

    expect(await screen.findByText("First: 7")).toBeInTheDocument();
    expect(server.asked).toContain("GET /api/dashboards/d1/tiles/t1/data?refresh=true");
  });

  test("says why nothing came when the server cannot be reached", async () => {
    const dashboard = makeDashboard();
    const server = fakeServer({ "GET /api/dashboards/d1": () => Response.json(dashboard) });
    vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
      if (String(path).endsWith("/stream")) throw new TypeError("Failed to fetch");
      return server.fetch(path, init);
    });

    await show(dashboard);

    expect(await screen.findByRole("alert")).toHaveTextContent("The server cannot be reached.");
  });

  test("asks for the page in the address only", async () => {
    const dashboard = makeDashboard({
      pages: [
        { id: "p2", name: "Detail", page_order: 1 },
        { id: "p1", name: "Overview", page_order: 0 },
      ],
      tiles: [makeTile(), makeTile({ id: "t9", page_id: "p2", title: "Deep" })],
    });
    const bodies: unknown[] = [];
    const server = fakeServer({
      "GET /api/dashboards/d1": () => Response.json(dashboard),
      "POST /api/dashboards/d1/data/stream": (body) => {
        bodies.push(body);
        return stream(makeTileData({ id: "t9" }))();
      },
    });
    vi.stubGlobal("fetch", server.fetch);

    await show(dashboard, { page: "p2" });

    expect(await screen.findByText("Deep: 1")).toBeInTheDocument();
    expect(screen.queryByText(/Revenue/)).not.toBeInTheDocument();
    expect(screen.getAllByRole("tab").map((tab) => tab.textContent)).toEqual(["Overview", "Detail"]);
    expect(bodies).toEqual([{ page_id: "p2" }]);
  });

  test("refreshes by the key r, but not while someone types", async () => {
    const dashboard = makeDashboard();
    const bodies: unknown[] = [];
    const server = fakeServer({
      "GET /api/dashboards/d1": () => Response.json(dashboard),
      "POST /api/dashboards/d1/data/stream": (body) => {
        bodies.push(body);
        return stream(makeTileData())();
      },
    });
    vi.stubGlobal("fetch", server.fetch);
    await show(dashboard);
    await screen.findByText("Revenue: 1");
    const input = document.createElement("input");
    document.body.append(input);

    await userEvent.type(input, "r");
    await userEvent.click(document.body);
    await userEvent.keyboard("r");
    input.remove();

    await waitFor(() => expect(bodies).toEqual([{ page_id: "p1" }, { page_id: "p1", refresh: true }]));
  });

  test("a link to one tile shows it alone, and Escape goes back", async () => {
    const dashboard = makeDashboard();
    const server = fakeServer({
      "GET /api/dashboards/d1": () => Response.json(dashboard),
      "POST /api/dashboards/d1/data/stream": stream(makeTileData()),
    });
    vi.stubGlobal("fetch", server.fetch);
    const onSearch = vi.fn();

    await show(dashboard, { tile: "t1" }, onSearch);
    const dialog = await screen.findByRole("dialog");
    await userEvent.keyboard("{Escape}");

    expect(dialog).toHaveTextContent("Revenue");
    expect(onSearch).toHaveBeenCalledWith({ tile: undefined, as: undefined });
  });
});

describe("editing", () => {
  const server = (dashboard: Dashboard) =>
    fakeServer({
      "GET /api/dashboards/d1": () => Response.json(dashboard),
      "POST /api/dashboards/d1/data/stream": stream(makeTileData()),
    });

  test("is opened by the address where there is room and the right", async () => {
    const dashboard = makeDashboard();
    vi.stubGlobal("fetch", server(dashboard).fetch);
    vi.spyOn(window, "matchMedia").mockImplementation(roomy);

    await show(dashboard, { edit: 1 });

    expect(await screen.findByText("the editor")).toBeInTheDocument();
  });

  test("is not for who may only read", async () => {
    const dashboard = makeDashboard({ can_edit: false, can_own: false });
    vi.stubGlobal("fetch", server(dashboard).fetch);
    vi.spyOn(window, "matchMedia").mockImplementation(roomy);

    await show(dashboard, { edit: 1 });

    expect(await screen.findByText("Revenue: 1")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Edit" })).not.toBeInTheDocument();
  });
});

function roomy(media: string): MediaQueryList {
  const nothing = () => undefined;
  return {
    matches: media.includes("min-width"),
    media,
    onchange: null,
    addEventListener: nothing,
    removeEventListener: nothing,
    addListener: nothing,
    removeListener: nothing,
    dispatchEvent: () => false,
  };
}
