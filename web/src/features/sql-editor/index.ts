/** The SQL editor. CodeMirror comes in a chunk of its own, when the editor is first drawn. */
import { lazy } from "react";

export type { SqlError } from "./extensions";
export { placeholdersIn } from "./placeholders";
export type { SqlEditorHandle, SqlEditorProps } from "./SqlEditor";
export { quoted, type Scope, scopeOf, tableName } from "./schema";
export const SqlEditor = lazy(() => import("./SqlEditor"));
