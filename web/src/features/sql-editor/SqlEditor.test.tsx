// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders of SQL look like JavaScript's
import { CompletionContext } from "@codemirror/autocomplete";
import { forEachDiagnostic } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { fireEvent, render, screen } from "@testing-library/react";
import { createRef } from "react";
import { describe, expect, test, vi } from "vitest";
import { completePlaceholder, diagnosticOf, language } from "./extensions";
import SqlEditor, { type SqlEditorHandle, type SqlEditorProps, spaced } from "./SqlEditor";

// jsdom measures no text; the editor asks in an animation frame.
Range.prototype.getClientRects ??= () => Object.assign([], { item: () => null });

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
              columns: [
                { name: "carrier", type: "VARCHAR", nullable: true },
                { name: "dep_delay", type: "DOUBLE", nullable: true },
              ],
            },
          ],
        },
      ],
    },
  ],
};
const SCOPE = { catalog: "db", schema: "main" };

function props(fields: Partial<SqlEditorProps> = {}): SqlEditorProps {
  return {
    value: "SELECT 1",
    onChange: vi.fn(),
    onRun: vi.fn(),
    type: "duckdb",
    catalog: CATALOG,
    scope: SCOPE,
    error: null,
    label: "SQL",
    placeholder: "SELECT …",
    ...fields,
  };
}

/** What the editor offers at the end of the text. */
async function completions(text: string): Promise<string[]> {
  const state = EditorState.create({ doc: text, extensions: language("duckdb", CATALOG, SCOPE) });
  const context = new CompletionContext(state, text.length, true);
  const sources = state.languageDataAt<(context: CompletionContext) => unknown>("autocomplete", text.length);
  const answers = await Promise.all(
    sources.map((source) => (typeof source === "function" ? source(context) : null)),
  );
  return answers.flatMap((answer) =>
    answer && typeof answer === "object" && "options" in answer
      ? (answer.options as { label: string }[]).map((option) => option.label)
      : [],
  );
}

describe("completion", () => {
  test("offers the tables of the schema after FROM", async () => {
    expect(await completions("SELECT * FROM ")).toContain("flights");
  });

  test("knows the columns of an alias", async () => {
    expect((await completions("SELECT * FROM flights f WHERE f.")).sort()).toEqual(["carrier", "dep_delay"]);
  });

  test("offers nothing but placeholders within one", async () => {
    const offered = await completions("SELECT 1 WHERE 1=1 ${fil");

    expect(offered.length).toBeGreaterThan(0);
    expect(offered.filter((label) => !label.startsWith("${"))).toEqual([]);
  });

  test("offers nothing in comments and strings", async () => {
    expect(await completions("SELECT 1 -- carr")).toEqual([]);
    expect(await completions("SELECT 'carr")).toEqual([]);
  });

  test("offers columns before the FROM clause is written", async () => {
    expect(await completions("SELECT carr")).toContain("carrier");
  });

  test("offers the placeholders after a dollar sign", () => {
    const text = "SELECT 1 WHERE 1=1 ${fil";
    const context = new CompletionContext(EditorState.create({ doc: text }), text.length, false);

    const result = completePlaceholder(context);

    expect(result?.from).toBe(text.indexOf("$"));
    expect(result?.options.map((option) => option.label)).toEqual([
      "${filters.where}",
      "${filter.<name>}",
      "${filter.<name>.where}",
    ]);
  });
});

test("a placeholder with a free name leaves that name selected", () => {
  const view = new EditorView({ doc: "${fil" });
  const result = completePlaceholder(new CompletionContext(view.state, 5, false));
  const option = result?.options.find(({ label }) => label === "${filter.<name>}");
  if (typeof option?.apply !== "function") throw new Error("the completion must be a snippet");

  option.apply(view, option, 0, 5);

  const { from, to } = view.state.selection.main;
  expect(view.state.doc.toString()).toBe("${filter.name}");
  expect(view.state.sliceDoc(from, to)).toBe("name");
});

describe("errors", () => {
  const state = EditorState.create({ doc: "SELECT a\nFROM nowhere t" });

  test("are marked at their word", () => {
    const { from, to } = diagnosticOf(state, { message: "no such table", line: 2, column: 6 });

    expect(state.sliceDoc(from, to)).toBe("nowhere");
  });

  test("beyond the text are marked at its end", () => {
    expect(() => diagnosticOf(state, { message: "unexpected end", line: 9, column: 99 })).not.toThrow();
  });
});

test("a name that is put in never touches its neighbours", () => {
  expect(spaced("T", "flights", "")).toBe(" flights");
  expect(spaced(".", "carrier", "W")).toBe("carrier ");
  expect(spaced("", "x", "")).toBe("x");
});

describe("the editor", () => {
  test("tells what is typed, and runs on Ctrl+Enter", () => {
    const given = props();
    render(<SqlEditor {...given} />);

    editorView().dispatch({ changes: { from: 8, insert: "2" } });
    fireEvent.keyDown(screen.getByLabelText("SQL"), {
      key: "Enter",
      code: "Enter",
      keyCode: 13,
      ctrlKey: true,
    });

    expect(given.onChange).toHaveBeenCalledExactlyOnceWith("SELECT 12");
    expect(given.onRun).toHaveBeenCalledOnce();
  });

  test("puts names from the schema at the cursor", () => {
    const handle = createRef<SqlEditorHandle>();
    const given = props({ value: "SELECT", handle });
    render(<SqlEditor {...given} />);
    editorView().dispatch({ selection: { anchor: 6 } });

    handle.current?.insert("carrier");

    expect(given.onChange).toHaveBeenCalledExactlyOnceWith("SELECT carrier");
  });

  test("marks the server's error where it has a place, and forgets it when it is gone", async () => {
    const given = props();
    const { rerender } = render(<SqlEditor {...given} />);
    rerender(<SqlEditor {...given} error={{ message: "bad", line: 1, column: 8 }} />);
    await vi.waitFor(() => expect(shownErrors()).toEqual(["bad"]));

    rerender(<SqlEditor {...given} error={{ message: "timed out", line: null, column: null }} />);
    expect(shownErrors()).toEqual([]);
  });

  test("takes a text from outside without telling it back twice", () => {
    const given = props();
    const { rerender } = render(<SqlEditor {...given} />);

    rerender(<SqlEditor {...given} value="SELECT 2" />);

    expect(editorView().state.doc.toString()).toBe("SELECT 2");
  });
});

function shownErrors(): string[] {
  const messages: string[] = [];
  forEachDiagnostic(editorView().state, (diagnostic) => messages.push(diagnostic.message));
  return messages;
}

function editorView(): EditorView {
  const found = EditorView.findFromDOM(screen.getByLabelText("SQL"));
  if (!found) throw new Error("no editor");
  return found;
}
