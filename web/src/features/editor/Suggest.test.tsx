import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { TileData } from "@/api/types";
import { tile } from "../history/fixtures";
import { draftOf, type TileDraft } from "./draft";
import { Suggest, taking } from "./Suggest";

const DATA: TileData = {
  id: "t",
  title: "t",
  tile_type: "chart",
  data: { columns: ["carrier", "n"], rows: Array.from({ length: 1200 }, (_, n) => ({ carrier: "UA", n })) },
  error: null,
  error_code: null,
  executed_at: "2026-01-01T00:00:00Z",
  types: { carrier: "text", n: "int" },
  row_count: 1200,
  truncated: false,
  cache: "fresh",
  duration_ms: 1,
  warnings: [],
};
const PIE = {
  tile_type: "chart" as const,
  chart_type: "pie" as const,
  chart_config: { nameField: "carrier", valueField: "n" },
  why: "n by carrier, as parts of a whole",
};
const START = draftOf(
  tile("a", { chart_config: { xField: "carrier", yField: "n", seriesField: "x", detail_query: "SELECT 2" } }),
);
const asked = vi.fn();
let answer: Response;

beforeEach(() => {
  answer = Response.json({ suggestions: [PIE] });
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    asked(url, JSON.parse(String(init.body)));
    return answer;
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  asked.mockReset();
});

function Held() {
  const [draft, setDraft] = useState<TileDraft>(START);
  return (
    <>
      <Suggest
        dashboardId="d"
        draft={draft}
        data={DATA}
        onChange={(changes) => setDraft({ ...draft, ...changes })}
        onClose={() => undefined}
      />
      <output data-testid="draft">{JSON.stringify([draft.chart_type, draft.chart_config])}</output>
    </>
  );
}

function show() {
  render(
    <MantineProvider env="test">
      <Held />
    </MantineProvider>,
  );
  return screen.getByTestId("draft");
}

test("a suggestion is taken with its reason in sight, and taken back", async () => {
  const draft = show();
  const before = draft.textContent;

  await userEvent.click(await screen.findByRole("button", { name: /n by carrier, as parts/ }));

  expect(draft).toHaveTextContent('"pie"');
  expect(draft).toHaveTextContent('"valueField":"n"');
  expect(asked.mock.calls[0]?.[0]).toContain("/api/dashboards/d/tiles/suggest-chart");
  expect(asked.mock.calls[0]?.[1].rows).toHaveLength(1000);
  await userEvent.click(screen.getByRole("button", { name: "Back to what it was" }));
  expect(draft.textContent).toBe(before);
  expect(asked).toHaveBeenCalledOnce();
});

test("what a click does stays; columns that the suggestion does not name go", () => {
  const next = taking(START, { ...PIE, chart_type: "bar", chart_config: { xField: "n", yField: "n" } });

  expect(next.chart_config).toMatchObject({ xField: "n", yField: "n", detail_query: "SELECT 2" });
  expect(next.chart_config).not.toHaveProperty("seriesField");
});

test("the server's refusal is told", async () => {
  answer = Response.json({ detail: "rows must be at most 1,000" }, { status: 400 });
  show();

  expect(await screen.findByText("rows must be at most 1,000")).toBeVisible();
});
