/** The SQL editor: CodeMirror, bound to a text. Loaded on its own; import it through `index.ts`. */

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { Compartment, EditorState, Prec, StateEffect } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import { type RefObject, useEffect, useImperativeHandle, useRef, useState } from "react";
import type { Catalog, DatasourceType } from "@/api/types";
import { appearance, language, placeholderMarks, type SqlError } from "./extensions";
import classes from "./SqlEditor.module.css";
import type { Scope } from "./schema";

type Extras = typeof import("./extras");

export interface SqlEditorHandle {
  /** Puts the text at the cursor, with a blank where words would touch. */
  insert(text: string): void;
  focus(): void;
}

export interface SqlEditorProps {
  value: string;
  onChange: (value: string) => void;
  onRun: () => void;
  type: DatasourceType | undefined;
  catalog: Catalog | undefined;
  scope: Scope;
  error: SqlError | null;
  label: string;
  placeholder: string;
  /** Id of the element that tells how to leave the editor by keyboard. */
  hintId?: string;
  handle?: RefObject<SqlEditorHandle | null>;
}

export default function SqlEditor(props: SqlEditorProps) {
  const { value, type, catalog, scope, error, handle } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const [extras, setExtras] = useState<Extras | null>(null);
  const parts = useRef({ language: new Compartment() });

  useEffect(() => {
    const { current: parent } = host;
    if (!parent) return;
    const made = new EditorView({ parent, state: stateOf(latest, parts.current.language) });
    view.current = made;
    // Without them (no connection) the editor still edits; the page shows the error as well.
    import("./extras").then(
      (loaded) => {
        if (view.current !== made) return;
        made.dispatch({ effects: StateEffect.appendConfig.of(loaded.extras) });
        setExtras(loaded);
      },
      () => undefined,
    );
    return () => {
      made.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    const { current: editor } = view;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  const { catalog: scopeCatalog, schema: scopeSchema } = scope;
  useEffect(() => {
    const wanted = language(type, catalog, { catalog: scopeCatalog, schema: scopeSchema });
    view.current?.dispatch({ effects: parts.current.language.reconfigure(wanted) });
  }, [type, catalog, scopeCatalog, scopeSchema]);

  useEffect(() => {
    const { current: editor } = view;
    if (editor && extras) editor.dispatch(extras.errorMarks(editor.state, error));
  }, [error, extras]);

  useImperativeHandle(handle, () => ({
    insert: (text) => view.current && insertAt(view.current, text),
    focus: () => view.current?.focus(),
  }));

  return <div ref={host} className={classes.root} />;
}

function stateOf(latest: RefObject<SqlEditorProps>, languagePart: Compartment): EditorState {
  const { value, type, catalog, scope, label, hintId, placeholder: hint } = latest.current;
  const run = () => {
    latest.current.onRun();
    return true;
  };
  return EditorState.create({
    doc: value,
    extensions: [
      Prec.highest(keymap.of([{ key: "Mod-Enter", run }])),
      lineNumbers(),
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      autocompletion({ icons: false }),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      placeholder(hint),
      placeholderMarks,
      // Escape, then Tab leaves the editor: CodeMirror lets the Tab after an Escape through.
      keymap.of([
        ...closeBracketsKeymap,
        ...defaultKeymap,
        ...historyKeymap,
        ...completionKeymap,
        indentWithTab,
      ]),
      languagePart.of(language(type, catalog, scope)),
      appearance,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({
        "aria-label": label,
        ...(hintId ? { "aria-describedby": hintId } : {}),
        "data-mantine-stop-propagation": "true",
      }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) latest.current.onChange(update.state.doc.toString());
      }),
    ],
  });
}

/** Text with a blank on each side where it would touch a word. */
export function spaced(before: string, text: string, after: string): string {
  const left = /[\w"]$/.test(before) ? " " : "";
  const right = /^[\w"]/.test(after) ? " " : "";
  return left + text + right;
}

function insertAt(editor: EditorView, text: string): void {
  const { from, to } = editor.state.selection.main;
  const insert = spaced(editor.state.sliceDoc(from - 1, from), text, editor.state.sliceDoc(to, to + 1));
  editor.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length } });
  editor.focus();
}
