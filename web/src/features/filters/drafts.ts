/** Filters while they are edited: as the server keeps them, members that we do not know included. Pure. */

import { FILTER_TYPES, type FilterType, OPERATORS, type Operator } from "@/interaction/filters";
import { useFilterEditorText } from "./editorText";

export type FilterDraft = Readonly<Record<string, unknown>>;

/** What the operators of each type are, the usual one first. */
export const OPERATORS_OF: Readonly<Record<FilterType, readonly Operator[]>> = {
  date_range: ["between"],
  number_range: ["between"],
  select: ["eq", "neq", "gt", "gte", "lt", "lte", "contains", "starts_with"],
  multi_select: ["in", "not_in"],
  text: ["contains", "starts_with", "eq", "neq"],
  boolean: ["eq", "neq"],
};

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

export function typeOf(draft: FilterDraft): FilterType {
  return FILTER_TYPES.find((known) => known === draft.type) ?? "select";
}

export function operatorOf(draft: FilterDraft): Operator | null {
  return OPERATORS.find((known) => known === draft.operator) ?? null;
}

export function wordOf(draft: FilterDraft, key: string): string {
  const value = draft[key];
  return typeof value === "string" ? value : "";
}

/** A name from a label: letters, digits and `_`, none that is taken. */
export function nameFrom(label: string, taken: readonly string[]): string {
  const plain = label
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 50);
  const base = /^[a-z]/.test(plain) ? plain : plain ? `f_${plain}` : "filter";
  let name = base;
  for (let count = 2; taken.includes(name); count += 1) name = `${base}_${count}`;
  return name;
}

export function blankFilter(taken: readonly string[]): FilterDraft {
  return { name: nameFrom("filter", taken), label: "", type: "multi_select", field: null };
}

/** The draft as another type: what only the old one had goes. */
export function withType(draft: FilterDraft, type: FilterType): FilterDraft {
  const { default: _default, operator: _operator, ...kept } = draft;
  const isChoice = type === "select" || type === "multi_select";
  const { options: _options, ...plain } = kept;
  return { ...(isChoice ? kept : plain), type };
}

/** As it is saved: what is empty left out. */
export function tidyFilter(draft: FilterDraft): FilterDraft {
  return Object.fromEntries(Object.entries(draft).filter(([key, value]) => isSaved(key, value)));
}

function isSaved(key: string, value: unknown): boolean {
  if (value === undefined || value === null || value === "") return false;
  if (value === false) return key === "default"; // a yes or no that opens with no
  // An empty list of targets is not the same as none: it means no tile.
  return !Array.isArray(value) || value.length > 0 || key === "targets";
}

/** Why a filter cannot be saved; null when it can. */
export function filterProblem(draft: FilterDraft, all: readonly FilterDraft[]): string | null {
  const t = useFilterEditorText.now();
  const name = wordOf(draft, "name");
  if (!NAME.test(name)) return t.badName;
  if (all.filter((one) => one.name === name).length > 1) return t.takenName(name);
  const { options } = draft;
  if (options !== null && typeof options === "object" && !Array.isArray(options)) {
    const { query, datasource_id } = options as Record<string, unknown>;
    if (typeof query !== "string" || query.trim() === "") return t.needsQuery;
    if (typeof datasource_id !== "string") return t.needsDatasource;
  }
  return null;
}

/** Fixed options as lines of text: `value` or `value | label`. */
export function linesOf(options: unknown): string {
  if (!Array.isArray(options)) return "";
  return options
    .map((one: unknown) => {
      if (one === null || typeof one !== "object") return String(one);
      const { value, label } = one as Record<string, unknown>;
      return label === undefined || label === null ? String(value) : `${String(value)} | ${String(label)}`;
    })
    .join("\n");
}

/** Lines of text as options. A value that was a number before stays one. */
export function optionsFrom(text: string, before: unknown): unknown[] {
  const wasNumber = (value: string) =>
    Array.isArray(before) &&
    before.some((one: unknown) => {
      const known = one !== null && typeof one === "object" ? (one as Record<string, unknown>).value : one;
      return typeof known === "number" && String(known) === value;
    });
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const [first = "", ...rest] = line.split("|").map((part) => part.trim());
      const value = wasNumber(first) ? Number(first) : first;
      const label = rest.join(" | ");
      return label === "" ? value : { value, label };
    });
}

/** The tiles a filter applies to with the column in each, null for its own field; null: all tiles. */
export function targetsOf(draft: FilterDraft): Readonly<Record<string, string | null>> | null {
  const { targets } = draft;
  if (Array.isArray(targets)) return Object.fromEntries(targets.map((id) => [String(id), null]));
  if (targets === null || typeof targets !== "object") return null;
  return Object.fromEntries(
    Object.entries(targets).map(([id, column]) => [id, typeof column === "string" ? column : null]),
  );
}

/** A list of ids where every tile takes the filter's own field, else ids with columns. */
export function targetsFrom(targets: Readonly<Record<string, string | null>>): unknown {
  return Object.values(targets).every((column) => !column) ? Object.keys(targets) : targets;
}
