import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Tile, TileData } from "@/api/types";
import ForecastBar, { horizonsOf } from ".";
import { canForecast } from "./can";

const answer = {
  x: ["2026-05", "2026-06", "2026-07"],
  y: [1, 2, 3],
  lower: [0, 1, 2],
  upper: [2, 3, 4],
  granularity: "month",
  step: 1,
  name: null,
  model: { method: "exponential smoothing", season: 12 },
  quality: { mase: 0.7, coverage: 0.95, origins: 3, beats_naive: true, typical_error: 0.061 },
  notes: [{ code: "incomplete", text: "...", values: { x: "2026-05" } }],
  history: { first: "2021-01", last: "2026-04", periods: 64 },
  confidence_level: 0.95,
  executed_at: "2026-05-10T00:00:00Z",
  series: [],
  filters_ignored: [],
};
const tile = {
  id: "t",
  dashboard_id: "d",
  title: "Sales",
  tile_type: "chart",
  chart_type: "line",
  chart_config: { xField: "m" },
} as unknown as Tile;
const view = { filters: { region: "South" }, cross: [], drill: {} };
const asked = vi.fn();

function reply(status: number, body: unknown) {
  vi.stubGlobal("fetch", (input: RequestInfo | URL, init?: RequestInit) => {
    asked(String(input), JSON.parse(String(init?.body)));
    const headers = { "Content-Type": "application/json" };
    return Promise.resolve(new Response(JSON.stringify(body), { status, headers }));
  });
}

function show() {
  const onOverlay = vi.fn();
  const onClose = vi.fn();
  render(
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}>
        <ForecastBar tile={tile} view={view} rows={null} onOverlay={onOverlay} onClose={onClose} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { onOverlay, onClose };
}

beforeEach(() => reply(200, answer));
afterEach(() => {
  vi.unstubAllGlobals();
  asked.mockReset();
});

describe("the bar of a forecast", () => {
  test("says in plain words how good it is and what was left out, and draws it", async () => {
    const { onOverlay } = show();

    const status = await screen.findByText(
      /95% band, typical error 6.1%, better than repeating the last season/,
    );
    expect(status).toHaveTextContent("2026-05 was not over yet");
    await waitFor(() => expect(onOverlay).toHaveBeenLastCalledWith({ overlay: expect.any(Function) }));
  });

  test("asks in the state of the view, and again when another length or certainty is chosen", async () => {
    show();
    await screen.findByText(/typical error/);
    expect(asked).toHaveBeenLastCalledWith(expect.stringContaining("/api/dashboards/d/tiles/t/forecast"), {
      filter_values: { region: "South" },
      confidence_level: 0.95,
    });

    await userEvent.selectOptions(screen.getByLabelText("How far"), "12");
    await userEvent.selectOptions(screen.getByLabelText("How sure"), "0.8");

    await waitFor(() =>
      expect(asked).toHaveBeenLastCalledWith(
        expect.any(String),
        expect.objectContaining({ horizon: 12, confidence_level: 0.8 }),
      ),
    );
  });

  test("is closed by its button and by Escape", async () => {
    const { onClose } = show();
    await screen.findByText(/typical error/);

    await userEvent.click(screen.getByRole("button", { name: "Remove the forecast" }));
    await userEvent.keyboard("{Escape}");

    expect(onClose).toHaveBeenCalledTimes(2);
  });

  test("says why there is none, in the server's words", async () => {
    reply(422, { detail: "A forecast needs at least 4 periods; the tile has 2: widen its date range" });
    const { onOverlay } = show();

    expect(await screen.findByText(/needs at least 4 periods/)).toBeInTheDocument();
    expect(onOverlay).toHaveBeenLastCalledWith({});
  });
});

describe("which tiles can be asked", () => {
  const data = (first: unknown) =>
    ({
      data: { columns: ["m", "y"], rows: [1, 2, 3, 4].map(() => ({ m: first, y: 1 })) },
      types: {},
    }) as unknown as TileData;

  test.each(["2026-01", "2026-01-31", "2026-01-31T00:00:00Z", "2026-Q1", "2026-W05", 2026])(
    "%s names a time",
    (x) => {
      expect(canForecast(tile, data(x))).toBe(true);
    },
  );

  test.each(["North", "12", 7, null])("%s does not", (x) => {
    expect(canForecast(tile, data(x))).toBe(false);
  });

  test("a pie, lying bars and a stack are not asked", () => {
    expect(canForecast({ ...tile, chart_type: "pie" } as Tile, data("2026-01"))).toBe(false);
    for (const key of ["horizontal", "stacked"])
      expect(canForecast({ ...tile, chart_config: { xField: "m", [key]: true } }, data("2026-01"))).toBe(
        false,
      );
  });
});

test("the lengths to choose from stay within what the server allows", () => {
  const of = (x: number, periods: number) =>
    horizonsOf({ x: Array.from({ length: x }, String), history: { first: "", last: "", periods } });

  expect(of(5, 5)).toEqual([3, 5, 6, 12]);
  expect(of(12, 64)).toEqual([3, 6, 12, 24, 52]);
});
