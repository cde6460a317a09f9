/** A dashboard while it is edited: its document, undo and redo, saving in the background. */
export * from "./document";
export * as edits from "./edits";
export { type Edit, named } from "./edits";
export type { Operation } from "./operations";
export type { Outcome, Refusal, Saver, SaveState } from "./saveQueue";
export { createEditing, type EditingState, type EditingStore } from "./store";
export { saverOf } from "./transport";
