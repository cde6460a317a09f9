import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Tile } from "@/api/types";
import { setLocale } from "@/lib/locale";
import ExplainPanel from ".";

const mark = { x: "2026-03-05", series: null, kind: "high" };
const other = { x: "2026-03-23", series: null, kind: "low" };
const fact = (sentence: string, marks: unknown[], shown: string) => ({
  kind: "outlier_high",
  sentence,
  numbers: [{ name: "value", value: 705, shown }],
  entities: [],
  importance: 80,
  marks,
});
const answer = {
  summary: "Unusual spike. Unusual dip.",
  highlights: ["Spike: 705"],
  facts: [fact("Unusual spike.", [mark], "705"), fact("Unusual dip.", [other], "318")],
  marks: [mark, other],
  language: "en",
  model: null,
  notes: ["Only the first rows are here."],
  filters_ignored: ["colour"],
};
const tile = {
  id: "t",
  dashboard_id: "d",
  title: "Signups",
  chart_config: {},
} as unknown as Tile;
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
  const view = { filters: { region: "South" }, cross: [], drill: {} };
  render(
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}>
        <ExplainPanel tile={tile} view={view} executedAt="1" onOverlay={onOverlay} onClose={onClose} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { onOverlay, onClose };
}

beforeEach(() => reply(200, answer));
afterEach(() => {
  setLocale("en");
  vi.unstubAllGlobals();
  asked.mockClear();
});

test("asks in the state and the language of the reader", async () => {
  setLocale("es");
  show();

  await screen.findByText("Spike: 705");

  expect(asked).toHaveBeenCalledWith("/api/dashboards/d/tiles/t/explain", {
    filter_values: { region: "South" },
    language: "es",
  });
  expect(screen.getByText("Lo que es cierto")).toBeDefined();
});

test("a sentence opens to its numbers, and only its points stay marked", async () => {
  const { onOverlay } = show();
  const sentence = await screen.findByText("Unusual dip.");
  await waitFor(() => expect(onOverlay).toHaveBeenCalled());
  const draw = vi.fn(() => ({ option: { series: [] }, summary: "", notes: [], rowAt: () => undefined }));
  const table = { columns: ["day"], types: {}, rows: [] };

  await userEvent.click(sentence);

  await waitFor(() => expect(sentence.closest("details")?.open).toBe(true));
  expect(screen.getByText("318")).toBeDefined();
  const last = onOverlay.mock.calls.at(-1)?.[0];
  last.overlay(draw)(table, { xField: "day" }, { theme: "light" });
  expect(draw).toHaveBeenCalled();
  expect(onOverlay.mock.calls.length).toBeGreaterThan(2);
});

test("says what the rows lack, which filters did not hold, and that no model spoke", async () => {
  show();

  expect(await screen.findByText("Only the first rows are here.")).toBeDefined();
  expect(screen.getByText("Not narrowed by: colour")).toBeDefined();
  expect(screen.getByText(/without a model/)).toBeDefined();
});

test("a refusal is told, and can be tried again", async () => {
  reply(503, { detail: "The database cannot be reached" });
  show();

  expect(await screen.findByText("The database cannot be reached")).toBeDefined();
  reply(200, answer);
  await userEvent.click(screen.getByRole("button", { name: /try again|retry/i }));
  expect(await screen.findByText("Spike: 705")).toBeDefined();
});

test("closing takes the marks away", async () => {
  const { onClose } = show();
  await screen.findByText("Spike: 705");

  await userEvent.keyboard("{Escape}");

  expect(onClose).toHaveBeenCalled();
});
