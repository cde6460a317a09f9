import { EditorView } from "@codemirror/view";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { configure, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { tile } from "../history/fixtures";
import { blankDraft, draftOf, type TileDraft } from "./draft";
import { TileEditor } from "./TileEditor";
// Loaded before the clock of a test runs.
import "../sql-editor/SqlEditor";

configure({ asyncUtilTimeout: 10_000 });
vi.setConfig({ testTimeout: 60_000 });
// jsdom measures no text and draws no canvas.
Range.prototype.getClientRects ??= () => Object.assign([], { item: () => null });
vi.mock("../tiles", () => ({
  TileBody: ({ tile: drawn }: { tile: TileDraft }) => <output>{JSON.stringify(drawn.chart_config)}</output>,
}));

const SOURCE = {
  id: "ds",
  name: "Flights",
  type: "duckdb",
  config: {},
  is_default: true,
  can_use: true,
  can_own: true,
};
const CATALOG = {
  default_catalog: "db",
  default_schema: "main",
  catalogs: [
    {
      name: "db",
      schemas: [
        {
          name: "main",
          tables: [
            {
              name: "flights",
              kind: "table",
              row_count: 3,
              columns: [{ name: "carrier", type: "VARCHAR", nullable: true }],
            },
          ],
        },
      ],
    },
  ],
};
const ANSWER = {
  id: "preview",
  title: "t",
  tile_type: "chart",
  data: { columns: ["carrier", "n"], rows: [{ carrier: "UA", n: 1 }] },
  error: null,
  error_code: null,
  executed_at: "2026-01-01T00:00:00Z",
  types: { carrier: "text", n: "int" },
  row_count: 1,
  truncated: false,
  cache: "fresh",
  duration_ms: 12,
  warnings: ["n: rounded"],
};

let preview: () => Promise<Response>;
const calls: { method: string; url: string; body: unknown }[] = [];

beforeEach(() => {
  calls.length = 0;
  preview = async () => Response.json(ANSWER);
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    const method = init.method ?? "GET";
    calls.push({ method, url, body: typeof init.body === "string" ? JSON.parse(init.body) : undefined });
    if (url.endsWith("/api/datasources")) return Response.json([SOURCE]);
    if (url.includes("/schema")) return Response.json(CATALOG);
    if (url.endsWith("/tiles/preview")) return preview();
    return new Response(null, { status: 204 });
  });
});
afterEach(() => vi.unstubAllGlobals());

function setup(initial: TileDraft, isNew = true) {
  const onSave = vi.fn(async (_draft: TileDraft) => null as { message: string; line: number | null } | null);
  const onClose = vi.fn();
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <TileEditor
          dashboardId="d"
          initial={initial}
          initialData={null}
          isNew={isNew}
          timeZone="UTC"
          onSave={onSave}
          onClose={onClose}
        />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { onSave, onClose, user: userEvent.setup() };
}

async function sqlView(): Promise<EditorView> {
  const view = EditorView.findFromDOM(await screen.findByLabelText("SQL", { selector: ".cm-content" }));
  if (!view) throw new Error("no SQL editor");
  return view;
}

async function write(sql: string): Promise<void> {
  const view = await sqlView();
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: sql } });
}

const button = (name: string) =>
  screen.getByText(name, { selector: "button *" }).closest("button") as HTMLButtonElement;

describe("a new tile", () => {
  test("says why it cannot be saved, and is saved when nothing is in the way", async () => {
    const { user, onSave, onClose } = setup(blankDraft("chart", SOURCE));

    expect(screen.getByText("Give the tile a title.")).toBeInTheDocument();
    fireEvent.change(screen.getByLabelText("Title"), { target: { value: "Carriers" } });
    expect(await screen.findByText("Write a query.")).toBeInTheDocument();
    await user.click(button("Add to page"));
    expect(onSave).not.toHaveBeenCalled();

    await write("SELECT carrier, count(*) AS n FROM flights GROUP BY carrier");
    await user.click(button("Run"));
    expect(await screen.findByText("1 row in 12 ms")).toBeInTheDocument();
    expect(screen.getByText("n: rounded")).toBeInTheDocument();
    await user.click(button("Add to page"));

    expect(onSave.mock.calls[0]?.[0]).toMatchObject({
      title: "Carriers",
      tile_type: "chart",
      chart_type: "bar",
      datasource_id: "ds",
      chart_config: { xField: "carrier", yField: "n" },
    });
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  });

  test("sends what is to be run with an id of its own", async () => {
    const { user } = setup({ ...blankDraft("chart", SOURCE), query: "SELECT 1 AS n" });

    await waitFor(() => expect(calls.some((call) => call.url.endsWith("/preview"))).toBe(true));
    await user.click(button("Run"));

    const runs = calls.filter((call) => call.url.endsWith("/preview"));
    expect(runs[0]?.body).toMatchObject({ query: "SELECT 1 AS n", datasource_id: "ds", tile_type: "chart" });
    const ids = runs.map(({ body }) => (body as { query_id: string }).query_id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("a query", () => {
  test("that fails shows its error with the line, and keeps the form", async () => {
    preview = async () =>
      Response.json({
        ...ANSWER,
        data: null,
        error: "There is no column nope",
        error_line: 2,
        error_column: 1,
      });
    const { user } = setup(draftOf(tile("a")), false);

    await user.click(button("Run"));

    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("Line 2: There is no column nope");
  });

  test("that is refused by the server is told in the server's words", async () => {
    preview = async () =>
      Response.json({ detail: "Only one statement is allowed", line: 1, column: 3 }, { status: 400 });
    setup(draftOf(tile("a")), false);

    expect(await screen.findByRole("alert")).toHaveTextContent("Line 1: Only one statement is allowed");
  });

  test("that runs long can be stopped, in the database too", async () => {
    preview = () => new Promise(() => undefined);
    const { user } = setup(draftOf(tile("a")), false);

    await user.click(await screen.findByText("Stop"));

    expect(await screen.findByRole("alert")).toHaveTextContent("The query was stopped.");
    expect(
      calls.some((call) => call.method === "DELETE" && /\/datasources\/ds\/query\/.+/.test(call.url)),
    ).toBe(true);
    expect(button("Run")).toBeEnabled();
  });
});

describe("leaving", () => {
  test("asks before changes are lost", async () => {
    const { user, onClose } = setup(draftOf(tile("a")), false);

    fireEvent.change(screen.getByLabelText("Title"), { target: { value: " more" } });
    await user.click(screen.getByLabelText("Close"));
    const question = (await screen.findByText("Discard your changes?")).closest("section") as HTMLElement;
    expect(onClose).not.toHaveBeenCalled();
    await user.click(within(question).getByText("Discard"));

    expect(onClose).toHaveBeenCalledOnce();
  });

  test("asks nothing when nothing changed", async () => {
    const { user, onClose } = setup(
      draftOf(tile("a", { chart_config: { xField: "carrier", yField: "n" } })),
      false,
    );

    await user.click(screen.getByLabelText("Close"));

    expect(onClose).toHaveBeenCalledOnce();
  });

  test("does not happen when the server refuses the tile: its sentence is shown", async () => {
    const { user, onSave, onClose } = setup(
      draftOf(tile("a", { chart_config: { xField: "carrier", yField: "n" } })),
      false,
    );
    onSave.mockResolvedValue({ message: "query: only SELECT is allowed", line: null });

    await user.click(button("Save tile"));

    expect(await screen.findByText("Not saved: query: only SELECT is allowed")).toBeInTheDocument();
    expect(onClose).not.toHaveBeenCalled();
  });
});

test("another type takes the columns along", async () => {
  const { user } = setup(draftOf(tile("a", { chart_config: { xField: "carrier", yField: "n" } })), false);

  await user.click(screen.getByLabelText("Pie"));

  expect(await screen.findByText('{"nameField":"carrier","valueField":"n"}')).toBeInTheDocument();
});

test("a name of the schema list goes into the query", async () => {
  const { user } = setup({ ...blankDraft("chart", SOURCE), query: "SELECT * FROM " });
  const view = await sqlView();
  view.dispatch({ selection: { anchor: view.state.doc.length } });

  await user.click(await screen.findByTitle("Insert flights"));

  expect(view.state.doc.toString()).toBe("SELECT * FROM flights");
});

test("a text has a Markdown field and no query", async () => {
  const { user, onSave } = setup({ ...blankDraft("text", undefined), title: "Note" });

  fireEvent.change(screen.getByLabelText("Text", { selector: "textarea" }), { target: { value: "# Hello" } });
  await user.click(button("Add to page"));

  expect(screen.queryByText("Run")).not.toBeInTheDocument();
  expect(onSave.mock.calls[0]?.[0]).toMatchObject({ tile_type: "text", content: "# Hello", query: null });
});
