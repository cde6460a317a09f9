/** The filters that a dashboard declares, read from its document, and what their values come to. Pure. */

import type { Scalar } from "./codec";

export const FILTER_TYPES = [
  "date_range",
  "select",
  "multi_select",
  "text",
  "number_range",
  "boolean",
] as const;
export type FilterType = (typeof FILTER_TYPES)[number];

export const OPERATORS = [
  "eq",
  "neq",
  "in",
  "not_in",
  "gt",
  "gte",
  "lt",
  "lte",
  "between",
  "contains",
  "starts_with",
  "is_null",
  "not_null",
] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Option {
  readonly value: Scalar;
  readonly label: string;
}

export interface FilterDef {
  readonly name: string;
  readonly label: string;
  readonly field: string | null;
  readonly type: FilterType;
  readonly operator: Operator | null;
  readonly default: FilterValue;
  readonly required: boolean;
  /** The fixed choices; "asked" where the server brings them; null where anything may be typed. */
  readonly options: readonly Option[] | "asked" | null;
  readonly dependsOn: readonly string[];
  /** Ids of the tiles it applies to; null for all. */
  readonly targets: readonly string[] | null;
}

export interface DateRange {
  readonly start?: string | null;
  readonly end?: string | null;
  readonly relative?: string;
}

export interface NumberRange {
  readonly min?: number | null;
  readonly max?: number | null;
}

/** What a viewer chose; null: not filtered. */
export type FilterValue = Scalar | readonly Scalar[] | DateRange | NumberRange;

export type FilterValues = Readonly<Record<string, FilterValue>>;

type Raw = Readonly<Record<string, unknown>>;

/** The filters of a dashboard; what cannot be read is left out, for the server says so to who edits it. */
export function readFilters(given: readonly Raw[]): FilterDef[] {
  return given.flatMap((one) => {
    const { name, field } = one;
    if (typeof name !== "string") return [];
    const type = FILTER_TYPES.find((known) => known === one.type) ?? "select";
    return [
      {
        name,
        label: typeof one.label === "string" && one.label ? one.label : titled(name),
        field: typeof field === "string" ? field : null,
        type,
        operator: OPERATORS.find((known) => known === one.operator) ?? null,
        default: tidy(type, (one.default ?? null) as FilterValue),
        required: one.required === true,
        options: optionsOf(one.options),
        dependsOn: Array.isArray(one.depends_on) ? one.depends_on.filter((it) => typeof it === "string") : [],
        targets: targetsOf(one.targets),
      },
    ];
  });
}

/** `carrier_name` -> "Carrier name" */
export function titled(name: string): string {
  const words = name.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function optionsOf(given: unknown): FilterDef["options"] {
  if (!Array.isArray(given)) return given !== null && typeof given === "object" ? "asked" : null;
  return given.map((one: unknown) => {
    const { value, label } =
      one !== null && typeof one === "object" ? (one as Raw) : { value: one, label: null };
    return { value: value as Scalar, label: typeof label === "string" ? label : String(value) };
  });
}

function targetsOf(given: unknown): readonly string[] | null {
  if (Array.isArray(given)) return given.filter((one) => typeof one === "string");
  return given !== null && typeof given === "object" ? Object.keys(given) : null;
}

export function appliesTo(def: FilterDef, tileId: string): boolean {
  return def.targets === null || def.targets.includes(tileId);
}

/** Whether a value leaves everything in. */
export function isNothing(value: FilterValue | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== "object") return false;
  return Object.values(value).every((part) => part === null || part === undefined || part === "");
}

/** The value that holds: the viewer's, else the default. */
export function heldBy(def: FilterDef, chosen: FilterValues): FilterValue {
  return def.name in chosen ? (chosen[def.name] ?? null) : def.default;
}

/** The same value in one spelling, so that equal choices make equal addresses. */
export function tidy(type: FilterType, value: FilterValue): FilterValue {
  if (type === "date_range" && typeof value === "string" && value !== "") return { relative: value };
  if (isNothing(value)) return null;
  if (type === "multi_select" && !Array.isArray(value) && typeof value !== "object") return [value];
  if (type === "select" && Array.isArray(value) && value.length === 1) return value[0] ?? null;
  return value;
}

export function isSameValue(a: FilterValue, b: FilterValue): boolean {
  return JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));
}

function ordered(value: FilterValue): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== null && part !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The filters that hold for a tile. */
export function activeOn(defs: readonly FilterDef[], chosen: FilterValues, tileId: string): FilterDef[] {
  return defs.filter((def) => appliesTo(def, tileId) && !isNothing(heldBy(def, chosen)));
}

/** The required filters that hold a tile back. */
export function missingOn(defs: readonly FilterDef[], chosen: FilterValues, tileId: string): FilterDef[] {
  return defs.filter((def) => def.required && appliesTo(def, tileId) && isNothing(heldBy(def, chosen)));
}
