import { MantineProvider } from "@mantine/core";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Ask } from "./Ask";
import { showTile } from "./showTile";

const answered = {
  answer: "North had the highest revenue: 31,500.",
  referenced_tiles: [{ tile_id: "t1", title: "By region", why: "Provides revenue per region." }],
  suggested_followups: ["What is the total revenue?"],
  answerable_from_visible: true,
  missing: null,
  facts: [],
  rows_used: 3,
  language: "en",
  by_model: false,
};
const view = { filters: { region: "North" }, cross: [], drill: {} };
const asked = vi.fn();

function reply(status: number, body: unknown) {
  vi.stubGlobal("fetch", (input: RequestInfo | URL, init?: RequestInit) => {
    asked(String(input), JSON.parse(String(init?.body)));
    const headers = { "Content-Type": "application/json" };
    return Promise.resolve(new Response(JSON.stringify(body), { status, headers }));
  });
}

function show() {
  const onTile = vi.fn();
  const onRefresh = vi.fn();
  render(
    <MantineProvider>
      <Ask dashboardId="d" view={view} onTile={onTile} onRefresh={onRefresh} />
    </MantineProvider>,
  );
  return { onTile, onRefresh };
}

beforeEach(() => reply(200, answered));
afterEach(() => {
  vi.unstubAllGlobals();
  asked.mockReset();
});

describe("the box for questions", () => {
  test("asks by Enter in the state of the view, and tells the answer with its tile", async () => {
    const { onTile } = show();

    await userEvent.type(screen.getByLabelText("Your question"), "Which region is highest?{Enter}");

    expect(await screen.findByText(answered.answer)).toBeVisible();
    expect(asked).toHaveBeenCalledWith(
      expect.stringContaining("/api/dashboards/d/qa"),
      expect.objectContaining({ question: "Which region is highest?", filter_values: { region: "North" } }),
    );
    await userEvent.click(screen.getByRole("button", { name: "Show the tile By region" }));
    expect(onTile).toHaveBeenCalledWith("t1");
  });

  test("asks what it suggests, and keeps what was said before", async () => {
    show();
    await userEvent.type(screen.getByLabelText("Your question"), "First?{Enter}");
    await userEvent.click(await screen.findByRole("button", { name: "What is the total revenue?" }));

    const log = screen.getByRole("log");
    expect(within(log).getByText("First?")).toBeVisible();
    expect(asked).toHaveBeenLastCalledWith(
      expect.anything(),
      expect.objectContaining({ question: "What is the total revenue?" }),
    );
  });

  test("says that it has no answer, and offers to refresh where that helps", async () => {
    reply(200, {
      ...answered,
      answer: "Refresh the dashboard first.",
      referenced_tiles: [],
      suggested_followups: [],
      answerable_from_visible: false,
      missing: { kind: "refresh", words: [], suggestions: [] },
    });
    const { onRefresh } = show();
    await userEvent.type(screen.getByLabelText("Your question"), "What?{Enter}");

    expect(await screen.findByText("Not answered")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Refresh the dashboard" }));
    expect(onRefresh).toHaveBeenCalledOnce();
  });

  test("tells an error in the words of the server", async () => {
    reply(400, { detail: "question must not be blank" });
    show();
    await userEvent.type(screen.getByLabelText("Your question"), "What?{Enter}");

    expect(await screen.findByText(/question must not be blank/)).toBeVisible();
  });

  test("does not ask nothing", async () => {
    show();
    await userEvent.type(screen.getByLabelText("Your question"), "   {Enter}");

    expect(asked).not.toHaveBeenCalled();
    expect(screen.getByRole("button", { name: "Ask" })).toBeDisabled();
  });
});

describe("showing a tile", () => {
  test("brings it into sight and gives it the focus", async () => {
    const tile = document.createElement("article");
    tile.dataset.tile = "t1";
    tile.tabIndex = 0;
    tile.scrollIntoView = vi.fn();
    document.body.append(tile);

    expect(await showTile("t1")).toBe(true);

    expect(tile.scrollIntoView).toHaveBeenCalled();
    expect(document.activeElement).toBe(tile);
    tile.remove();
  });
});
