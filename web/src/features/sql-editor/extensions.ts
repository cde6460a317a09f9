/** What the SQL editor adds to CodeMirror: dialects, placeholders, colours, marks of errors. */

import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  type CompletionSource,
  completeFromList,
  ifNotIn,
  snippetCompletion,
} from "@codemirror/autocomplete";
import {
  keywordCompletionSource,
  PostgreSQL,
  type SQLConfig,
  SQLDialect,
  SQLite,
  schemaCompletionSource,
} from "@codemirror/lang-sql";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Diagnostic } from "@codemirror/lint";
import type { EditorState, Extension } from "@codemirror/state";
import { Decoration, EditorView, MatchDecorator, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Catalog, DatasourceType } from "@/api/types";
import { getLocale } from "@/lib/locale";
import { isKnown, PLACEHOLDER_PATTERN, PLACEHOLDERS } from "./placeholders";
import { namespaceOf, type Scope } from "./schema";

export interface SqlError {
  message: string;
  /** From 1; null when the server names no place. */
  line: number | null;
  column: number | null;
}

/** Where words are only words. */
const QUIET = ["LineComment", "BlockComment", "String"];

const PLACEHOLDER_BEGUN = /\$\{?[\w.]*/;

const DUCKDB_WORDS =
  "qualify pivot unpivot sample summarize describe asof semi anti positional exclude replace columns ilike glob " +
  "macro struct map list try_cast lambda";

const DuckDB = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords: `${PostgreSQL.spec.keywords} ${DUCKDB_WORDS}`,
  types: `${PostgreSQL.spec.types} hugeint uhugeint ubigint uinteger usmallint utinyint tinyint double varchar blob`,
});

const DIALECTS: Record<DatasourceType, SQLDialect> = {
  duckdb: DuckDB,
  postgresql: PostgreSQL,
  sqlite: SQLite,
};

export function language(
  type: DatasourceType | undefined,
  catalog: Catalog | undefined,
  scope: Scope,
): Extension {
  const dialect = DIALECTS[type ?? "duckdb"];
  const config: SQLConfig = { dialect, upperCaseKeywords: true };
  if (catalog) {
    config.schema = namespaceOf(catalog, scope);
    if (scope.schema) config.defaultSchema = scope.schema;
  }
  const offers = [
    schemaCompletionSource(config),
    keywordCompletionSource(dialect, true),
    // Columns complete before the FROM clause is written, too.
    afterName(completeFromList(catalog ? columnNames(catalog, scope) : [])),
  ];
  const sources = [
    completePlaceholder,
    ...offers.map((source) => ifNotIn(QUIET, outsidePlaceholder(source))),
  ];
  return [dialect.language, sources.map((autocomplete) => dialect.language.data.of({ autocomplete }))];
}

/** Columns of the scope's own tables, each once. */
function columnNames(catalog: Catalog, scope: Scope): Completion[] {
  const columns = new Map<string, Completion>();
  for (const { name, schemas } of catalog.catalogs) {
    if (name !== scope.catalog) continue;
    for (const table of schemas
      .filter((schema) => schema.name === scope.schema)
      .flatMap((schema) => schema.tables)) {
      for (const column of table.columns) {
        if (columns.size >= 2_000) return [...columns.values()];
        if (columns.has(column.name)) continue;
        columns.set(column.name, { label: column.name, type: "property", detail: table.name, boost: -10 });
      }
    }
  }
  return [...columns.values()];
}

/** Within `${` only placeholders are offered. */
function outsidePlaceholder(source: CompletionSource): CompletionSource {
  return (context) => (context.matchBefore(PLACEHOLDER_BEGUN) ? null : source(context));
}

/** Not after a dot: there the language itself knows which columns belong. */
function afterName(source: CompletionSource): CompletionSource {
  return (context) => (context.matchBefore(/[.$"'{]\w*/) ? null : source(context));
}

export function completePlaceholder(context: CompletionContext): CompletionResult | null {
  const typed = context.matchBefore(PLACEHOLDER_BEGUN);
  if (!typed) return null;
  const closing = context.state.sliceDoc(context.pos, context.pos + 1) === "}" ? 1 : 0;
  const word = typed.text.replace(/^\$\{?/, "").toLowerCase();
  const begins = PLACEHOLDERS.filter(({ name }) => name.startsWith(word));
  const contains = PLACEHOLDERS.filter(({ name }) => !name.startsWith(word) && name.includes(word));
  return {
    from: typed.from,
    to: context.pos + closing,
    options: [...begins, ...contains].map(({ name, ...help }) =>
      placeholderCompletion(name, help[getLocale()]),
    ),
    filter: false,
  };
}

function placeholderCompletion(name: string, detail: string): Completion {
  const label = `\${${name}}`;
  const free = /<(\w+)>/.exec(name)?.[1];
  if (!free) return { label, detail, type: "variable", apply: label };
  const template = `$\\{${name.replace(`<${free}>`, `#{${free}}`)}\\}`;
  return snippetCompletion(template, { label, detail, type: "variable" });
}

const known = Decoration.mark({ class: "cm-placeholder-known" });
const unknown = Decoration.mark({ class: "cm-placeholder-unknown" });

const matcher = new MatchDecorator({
  regexp: PLACEHOLDER_PATTERN,
  decoration: (match) => (isKnown(match[1] ?? "") ? known : unknown),
});

export const placeholderMarks = ViewPlugin.define(
  (view) => ({
    marks: matcher.createDeco(view),
    update(update: ViewUpdate) {
      this.marks = matcher.updateDeco(update, this.marks);
    },
  }),
  { decorations: (plugin) => plugin.marks },
);

/** The place of an error: its word, or the end of the text when it lies beyond it. */
export function diagnosticOf(state: EditorState, { message, line, column }: SqlError): Diagnostic {
  const row = state.doc.line(Math.min(Math.max(1, line ?? 1), state.doc.lines));
  const from = Math.min(row.from + Math.max(0, (column ?? 1) - 1), row.to);
  const word = /^[\w$."]+/.exec(state.sliceDoc(from, row.to))?.[0].length ?? 1;
  const to = Math.min(from + word, row.to);
  return { from: from === to ? row.from : from, to, severity: "error", message };
}

const style = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.operatorKeyword, tags.modifier],
    color: "var(--sql-keyword)",
    fontWeight: "560",
  },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--sql-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--sql-number)" },
  { tag: [tags.lineComment, tags.blockComment], color: "var(--t-muted)", fontStyle: "italic" },
  { tag: [tags.typeName, tags.standard(tags.name)], color: "var(--sql-type)" },
]);

const look = EditorView.theme({
  "&": { height: "100%", fontSize: "13px", backgroundColor: "transparent", color: "var(--t-text)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mantine-font-family-monospace)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--t-text)", padding: "10px 0" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--t-text)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--t-muted)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--sql-active)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--sql-selection)",
  },
  ".cm-matchingBracket": { backgroundColor: "var(--sql-selection)", outline: "none" },
  ".cm-placeholder-known": {
    backgroundColor: "var(--t-accent-soft)",
    color: "var(--t-accent)",
    borderRadius: "4px",
    padding: "1px 2px",
  },
  ".cm-placeholder-unknown": { color: "var(--t-bad)", textDecoration: "underline wavy" },
  ".cm-tooltip, .cm-panels": {
    backgroundColor: "var(--t-raised)",
    color: "var(--t-text)",
    border: "1px solid var(--t-line-strong)",
    borderRadius: "8px",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--mantine-font-family-monospace)",
    fontSize: "12.5px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 8px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--t-accent)",
    color: "var(--t-card)",
  },
  ".cm-completionDetail": { opacity: "0.75", fontStyle: "normal", marginLeft: "1em" },
  ".cm-diagnostic": { padding: "6px 10px", fontFamily: "var(--mantine-font-family)", fontSize: "13px" },
  ".cm-placeholder": { color: "var(--mantine-color-placeholder)" },
});

export const appearance: Extension = [look, syntaxHighlighting(style)];
