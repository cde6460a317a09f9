import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Dashboard } from "@/api/types";
import { makeDashboard, makeTile } from "../../../tests/make";
import { Ask } from "./Ask";
import { showTile } from "./showTile";
import { type Exchange, exchangesOf, heard } from "./talk";

vi.mock("../tiles", () => ({
  TileBody: ({ tile }: { tile: { tile_type: string; chart_type: string | null } }) => (
    <output>{`drawn as ${tile.chart_type ?? tile.tile_type}`}</output>
  ),
}));
const toastUndo = vi.hoisted(() => vi.fn());
vi.mock("@/ui/toast", () => ({ toastUndo, toastError: vi.fn() }));

const answered = {
  id: "m1",
  role: "assistant",
  is_withheld: false,
  text: "North had the highest revenue: 31,500.",
  language: "en",
  is_answered: true,
  sql: null as string | null,
  columns: ["region", "revenue"],
  types: { region: "text", revenue: "int" },
  rows: [{ region: "North", revenue: 31500 }],
  row_count: 1,
  truncated: false,
  tile_type: "chart",
  chart_type: "bar",
  chart_config: { xField: "region", yField: "revenue" },
  referenced_tiles: [{ tile_id: "t1", title: "By region", why: "Provides revenue per region." }],
  followups: ["What is the total revenue?"],
  warnings: [],
  notes: [],
  model: null as string | null,
  tokens: 0,
};
const written = { ...answered, sql: "SELECT 1", referenced_tiles: [], warnings: ["Nothing of May."] };
const view = { filters: { region: "North" }, cross: [], drill: {} };
const asked = vi.fn();
/** What the stream tells, line by line; never ends where it is null. */
let events: object[] | null;
let count = 0;

function streamed(signal: AbortSignal | null | undefined): Response {
  const text = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (events) {
        for (const event of events) controller.enqueue(text.encode(`${JSON.stringify(event)}\n`));
        controller.close();
        return;
      }
      controller.enqueue(text.encode('{"type":"status","stage":"running"}\n'));
      signal?.addEventListener("abort", () => controller.error(new DOMException("", "AbortError")));
    },
  });
  return new Response(body);
}

beforeEach(() => {
  events = [
    { type: "status", stage: "reading" },
    { type: "done", message: answered },
  ];
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init: RequestInit = {}) => {
    const [path = ""] = String(input).split("?");
    const method = init.method ?? "GET";
    asked(method, path, init.body ? JSON.parse(String(init.body)) : undefined);
    if (path.endsWith("/messages")) return streamed(init.signal);
    if (path.endsWith("/from-conversation"))
      return Response.json(makeTile({ id: "new", title: "Revenue" }), { status: 201 });
    if (method === "DELETE") return new Response(null, { status: 204 });
    if (path === "/api/conversations" && method === "POST")
      return Response.json({ id: "c1" }, { status: 201 });
    if (path === "/api/conversations")
      return Response.json([
        { id: "old", title: "Last week", updated_at: "2026-11-20T12:00:00Z" },
        { id: "empty", title: "", updated_at: "2026-11-20T12:00:00Z" },
      ]);
    return Response.json({
      messages: [
        { id: "q", role: "user", text: "Which was best?", is_withheld: false },
        answered,
        { id: "q2", role: "user", text: "And the costs?", is_withheld: false },
        { id: "a2", role: "assistant", text: "", is_withheld: true },
      ],
    });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  asked.mockReset();
  toastUndo.mockReset();
});

/** Each test has a dashboard of its own: the panel comes back to what was open last. */
function show(extra: Partial<Dashboard> = {}) {
  const onTile = vi.fn();
  count += 1;
  const dashboard = makeDashboard({ id: `d${count}`, ...extra });
  const shown = (
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <Ask dashboard={dashboard} pageId="p1" view={view} onTile={onTile} />
      </QueryClientProvider>
    </MantineProvider>
  );
  return { onTile, dashboard, shown, ...render(shown) };
}

const say = (text: string) => userEvent.type(screen.getByLabelText("Your question"), `${text}{Enter}`);

describe("the conversation", () => {
  test("asks by Enter in the state of the view, and shows sentence, picture and tile", async () => {
    const { onTile, dashboard } = show();

    await say("Which region is highest?");

    expect(await screen.findByText(answered.text)).toBeVisible();
    expect(screen.getByText("drawn as bar")).toBeVisible();
    expect(asked).toHaveBeenCalledWith("POST", "/api/conversations", { dashboard_id: dashboard.id });
    expect(asked).toHaveBeenCalledWith("POST", "/api/conversations/c1/messages", {
      text: "Which region is highest?",
      language: "en",
      filter_values: { region: "North" },
    });
    await userEvent.click(screen.getByRole("button", { name: "Show the tile By region" }));
    expect(onTile).toHaveBeenCalledWith("t1");
  });

  test("goes on in the same conversation with what it suggests", async () => {
    show();
    await say("First?");
    await userEvent.click(await screen.findByRole("button", { name: "What is the total revenue?" }));

    expect(await screen.findAllByText(answered.text)).toHaveLength(2);
    expect(within(screen.getByRole("log")).getByText("First?")).toBeVisible();
    expect(asked.mock.calls.filter(([, path]) => path === "/api/conversations/c1/messages")).toHaveLength(2);
    expect(
      asked.mock.calls.filter(([method, path]) => method === "POST" && path === "/api/conversations"),
    ).toHaveLength(1);
    expect(screen.getAllByRole("group", { name: "Ask next" })).toHaveLength(1);
  });

  test("is stopped, and says that nothing is kept", async () => {
    events = null;
    show();
    await say("What takes long?");
    expect(await screen.findByText("Running the query…")).toBeVisible();

    await userEvent.click(screen.getByRole("button", { name: "Stop" }));

    expect(await screen.findByText("Stopped; nothing of it is kept.")).toBeVisible();
    expect(screen.getByRole("button", { name: "Ask" })).toBeInTheDocument();
  });

  test("tells an error in the words of the server, also in the middle of an answer", async () => {
    events = [{ type: "error", done: false, detail: "The database is gone." }];
    show();
    await say("What?");

    expect(await screen.findByText("The database is gone.")).toBeVisible();
  });

  test("does not take an answer that breaks off for a whole one", async () => {
    events = [{ type: "text", text: "Half an answer", warnings: [], notes: [] }];
    show();
    await say("What?");

    expect(await screen.findByText("The server cannot be reached.")).toBeVisible();
    expect(screen.queryByText("Half an answer")).not.toBeInTheDocument();
  });

  test("says that it has no answer, and does not ask nothing", async () => {
    events = [{ type: "done", message: { ...answered, is_answered: false, rows: null, followups: [] } }];
    show();
    await userEvent.type(screen.getByLabelText("Your question"), "   {Enter}");
    expect(asked).not.toHaveBeenCalled();
    expect(screen.getByRole("button", { name: "Ask" })).toBeDisabled();

    await say("What?");

    expect(await screen.findByText("Not answered")).toBeVisible();
  });
});

describe("an answer with SQL", () => {
  beforeEach(() => {
    events = [{ type: "done", message: { ...written, model: "small", tokens: 1200 } }];
  });

  test("shows warnings, the model, and its SQL when it is asked for", async () => {
    show();
    await say("What?");

    expect(await screen.findByText("Nothing of May.")).toBeVisible();
    expect(screen.getByText("With the help of small: 1,200 tokens")).toBeVisible();
    expect(screen.getByText(/filters do not narrow/)).toBeVisible();
    expect(screen.queryByText("SELECT 1")).not.toBeInTheDocument();
    await userEvent.click(screen.getByText("SQL"));
    expect(await screen.findByText("SELECT 1")).toBeInTheDocument();
  });

  test("becomes a tile of the page, shown, and taken back by Undo", async () => {
    const { onTile, dashboard } = show();
    await say("What?");
    await userEvent.click(await screen.findByRole("button", { name: "Add to dashboard" }));

    await vi.waitFor(() => expect(onTile).toHaveBeenCalledWith("new"));
    const path = `/api/dashboards/${dashboard.id}/tiles`;
    expect(asked).toHaveBeenCalledWith("POST", `${path}/from-conversation`, {
      conversation_id: "c1",
      message_id: "m1",
      page_id: "p1",
    });
    const [said, undo] = toastUndo.mock.calls[0] ?? [];
    expect(said).toBe("Added the tile “Revenue”");
    undo();
    await vi.waitFor(() => expect(asked).toHaveBeenCalledWith("DELETE", `${path}/new`, undefined));
  });

  test("is not offered as a tile to who may not edit", async () => {
    show({ can_edit: false });
    await say("What?");

    expect(await screen.findByText("Nothing of May.")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Add to dashboard" })).not.toBeInTheDocument();
  });
});

describe("conversations of before", () => {
  test("are opened again; what may not be seen any more is withheld", async () => {
    show();
    await userEvent.click(screen.getByRole("button", { name: "Conversations" }));
    const list = await screen.findByRole("list", { name: "Conversations" });
    expect(within(list).getAllByRole("listitem")).toHaveLength(1);
    await userEvent.click(within(list).getByText("Last week"));

    expect(await screen.findByText("Which was best?")).toBeVisible();
    expect(screen.getByText(/This answer is no longer shown/)).toBeVisible();
  });

  test("come back when the panel is opened again, and make way for a new one", async () => {
    const { shown, unmount } = show();
    await say("Which region is highest?");
    await screen.findByText(answered.text);
    unmount();

    render(shown);
    expect(await screen.findByText("Which was best?")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "New conversation" }));
    expect(screen.queryByText("Which was best?")).not.toBeInTheDocument();
  });
});

test("events add to an answer until it is whole", () => {
  const start: Exchange = { id: "x", question: "q", answer: {}, state: "coming" };
  const running = heard(heard(start, { type: "sql", sql: "SELECT 1" }), { type: "status", stage: "running" });
  const whole = heard(running, { type: "done", message: { ...answered, id: "m" } as never });

  expect(running).toMatchObject({ answer: { sql: "SELECT 1" }, stage: "running", state: "coming" });
  expect(whole).toMatchObject({ answer: { text: answered.text }, state: "whole" });
});

test("an answer without its question is still told", () => {
  const only = { ...answered, role: "assistant" } as never;
  expect(exchangesOf([only])[0]).toMatchObject({ question: "", state: "whole" });
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
