/** What the SQL editor can do without for a moment: finding text, and showing errors at their place. */

import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import type { EditorState, TransactionSpec } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import { diagnosticOf, type SqlError } from "./extensions";

export const extras = [lintGutter(), highlightSelectionMatches(), keymap.of(searchKeymap)];

/** Marks the error at its word; an error without a place is said elsewhere. */
export function errorMarks(state: EditorState, error: SqlError | null): TransactionSpec {
  return setDiagnostics(state, error && error.line !== null ? [diagnosticOf(state, error)] : []);
}
