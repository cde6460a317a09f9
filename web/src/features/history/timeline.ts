/**
 * Undo and redo as patches: each step knows how to do and how to undo itself, so a hundred steps cost as
 * much memory as what they changed. Pure: the time comes in as an argument.
 */

import { applyPatches, enablePatches, type Patch, produceWithPatches } from "immer";
import type { DashboardDocument } from "./document";
import type { Edit } from "./edits";

enablePatches();

export const MAX_STEPS = 100;
/** Edits of one group that follow within this time are one step. */
export const GROUP_MS = 2_000;

export interface Step {
  label: string;
  redo: Patch[];
  undo: Patch[];
  group?: string;
  at: number;
}

export interface Timeline {
  document: DashboardDocument;
  past: readonly Step[];
  future: readonly Step[];
}

export function started(document: DashboardDocument): Timeline {
  return { document, past: [], future: [] };
}

/** The timeline after an edit; an edit that changes nothing leaves it as it is. */
export function edited(timeline: Timeline, edit: Edit, now: number): Timeline {
  const [document, redo, undo] = produceWithPatches(timeline.document, (draft) => edit.recipe(draft));
  if (redo.length === 0) return timeline;
  const step: Step = { label: edit.label, redo, undo, group: edit.group, at: now };
  return { document, past: pushed(timeline.past, step), future: [] };
}

export function undone(timeline: Timeline): Timeline {
  const step = timeline.past.at(-1);
  if (!step) return timeline;
  return {
    document: applyPatches(timeline.document, step.undo),
    past: timeline.past.slice(0, -1),
    future: [...timeline.future, step],
  };
}

export function redone(timeline: Timeline): Timeline {
  const step = timeline.future.at(-1);
  if (!step) return timeline;
  return {
    document: applyPatches(timeline.document, step.redo),
    past: [...timeline.past, step],
    future: timeline.future.slice(0, -1),
  };
}

/**
 * The timeline after the server refused a change of `subject` (a path such as `["tiles", id]`): the document
 * takes the server's word, and the steps that touch the subject are forgotten, because they no longer fit.
 */
export function rolledBack(
  timeline: Timeline,
  document: DashboardDocument,
  subjects: readonly string[],
): Timeline {
  const fits = (step: Step): boolean =>
    ![...step.redo, ...step.undo].some((patch) => subjects.includes(subjectOf(patch)));
  return { document, past: timeline.past.filter(fits), future: timeline.future.filter(fits) };
}

/** The thing a patch changes: "tiles/<id>", "pages/<id>" or the name of a field of the dashboard. */
export function subjectOf(patch: Patch): string {
  const [first, second] = patch.path;
  const nested = (first === "tiles" || first === "pages") && second !== undefined;
  return nested ? `${first}/${second}` : String(first ?? "");
}

/** The same timeline after the server gave something another id than the one it was made with. */
export function renamedId(timeline: Timeline, from: string, to: string): Timeline {
  return JSON.parse(JSON.stringify(timeline).replaceAll(JSON.stringify(from), JSON.stringify(to)));
}

function pushed(past: readonly Step[], step: Step): readonly Step[] {
  const last = past.at(-1);
  if (last && step.group !== undefined && last.group === step.group && step.at - last.at < GROUP_MS) {
    const merged = { ...step, redo: [...last.redo, ...step.redo], undo: [...step.undo, ...last.undo] };
    return [...past.slice(0, -1), merged];
  }
  return [...past, step].slice(-MAX_STEPS);
}
