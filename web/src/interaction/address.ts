/**
 * The state of a view in the address: `f.<filter>`, `x.<tile>.<column>`, `d.<tile>`. Tiles go by the first letters of
 * their ids, defaults are left out, filters stand in the order of their names. Pure.
 */

import {
  readLabelled,
  readList,
  readScalar,
  type Scalar,
  writeLabelled,
  writeList,
  writeScalar,
} from "./codec";
import {
  type DateRange,
  type FilterDef,
  type FilterValue,
  type FilterValues,
  type NumberRange,
  tidy,
} from "./filters";
import type { CrossFilter, DrillPath, ViewState } from "./state";

/** Search parameters as the router hands them on; numbers and booleans come parsed. */
export type SearchValue = string | number | boolean | null;
export type StateSearch = { [key: `${"f" | "x" | "d"}.${string}`]: SearchValue | undefined };

const MOST_KEYS = 200;
const LONGEST = 8_000;
const SHORTEST_ID = 8;

export function isStateKey(key: string): key is keyof StateSearch & string {
  return /^[fxd]\../.test(key);
}

/** The parameters of a search that hold the state of a view, within bounds. */
export function stateSearchOf(raw: Readonly<Record<string, unknown>>): StateSearch {
  const kept: StateSearch = {};
  for (const [key, value] of Object.entries(raw).slice(0, MOST_KEYS)) {
    if (!isStateKey(key)) continue;
    const isText = typeof value === "string" && value.length <= LONGEST;
    if (isText || value === null || typeof value === "number" || typeof value === "boolean")
      kept[key] = value;
  }
  return kept;
}

type Known = { readonly id: string };

/** What the address says; names, tiles and values that do not fit the dashboard are dropped. */
export function readState(
  search: StateSearch,
  defs: readonly FilterDef[],
  tiles: readonly Known[],
): ViewState {
  const filters: Record<string, FilterValue> = {};
  const cross: CrossFilter[] = [];
  const drill: Record<string, DrillPath> = {};
  for (const [key, given] of Object.entries(search)) {
    if (given === undefined) continue;
    const [kind, first = "", ...rest] = key.split(".");
    if (kind === "f") {
      const def = defs.find((one) => one.name === key.slice(2));
      const value = def && readFilterValue(def, given);
      if (def && value !== undefined) filters[def.name] = value;
      continue;
    }
    const tile = tileCalled(first, tiles);
    if (!tile) continue;
    if (kind === "d") drill[tile.id] = readLabelled(asText(given));
    else if (rest.length > 0)
      cross.push({ tileId: tile.id, column: rest.join("."), values: readLabelled(asText(given)) });
  }
  return { filters, cross, drill };
}

/** The parameters that say `state`; those in `before` that it no longer needs are undefined, so that they go. */
export function writeState(
  state: ViewState,
  defs: readonly FilterDef[],
  tiles: readonly Known[],
  before: StateSearch = {},
): StateSearch {
  const search: StateSearch = {};
  for (const key of Object.keys(before)) if (isStateKey(key)) search[key] = undefined;
  // A key that is there keeps its place; taking it out first makes the order the state's own.
  const put = (key: keyof StateSearch & string, value: SearchValue) => {
    delete search[key];
    search[key] = value;
  };
  for (const name of Object.keys(state.filters).sort()) {
    const def = defs.find((one) => one.name === name);
    if (def) put(`f.${name}`, writeFilterValue(def, state.filters[name] ?? null));
  }
  for (const { tileId, column, values } of state.cross)
    put(`x.${shortId(tileId, tiles)}.${column}`, writeLabelled(values));
  for (const tileId of Object.keys(state.drill).sort())
    put(`d.${shortId(tileId, tiles)}`, writeLabelled(state.drill[tileId] ?? []));
  return search;
}

/** As many letters of the id as tell the tile from the others, eight at least. */
export function shortId(id: string, tiles: readonly Known[]): string {
  for (let length = SHORTEST_ID; length < id.length; length += 1) {
    const start = id.slice(0, length);
    if (!start.endsWith("-") && tiles.filter((one) => one.id.startsWith(start)).length <= 1) return start;
  }
  return id;
}

function tileCalled(start: string, tiles: readonly Known[]): Known | undefined {
  if (start === "") return undefined;
  const found = tiles.filter((one) => one.id.startsWith(start));
  return found.length === 1 ? found[0] : tiles.find((one) => one.id === start);
}

function asText(given: SearchValue): string {
  return typeof given === "string" ? given : JSON.stringify(given);
}

const RANGE = "..";

export function writeFilterValue(def: FilterDef, value: FilterValue): SearchValue {
  if (value === null) return null;
  if (Array.isArray(value)) {
    const list = value as readonly Scalar[];
    const [only] = list;
    return list.length === 1 && typeof only === "number" ? only : writeList(list);
  }
  if (typeof value !== "object")
    return typeof value === "string" && def.type !== "text" ? writeScalar(value) : value;
  if (def.type === "number_range") {
    const { min, max } = value as NumberRange;
    return `${min ?? ""}${RANGE}${max ?? ""}`;
  }
  const { start, end, relative } = value as DateRange;
  return relative ?? `${start ?? ""}${RANGE}${end ?? ""}`;
}

/** The value that a parameter says, or undefined when it is none of this filter. */
export function readFilterValue(def: FilterDef, given: SearchValue): FilterValue | undefined {
  if (given === null) return null;
  switch (def.type) {
    case "date_range":
      return typeof given === "string" ? dateRange(given) : undefined;
    case "number_range":
      return typeof given === "string" ? numberRange(given) : undefined;
    case "boolean":
      return typeof given === "boolean" ? given : undefined;
    case "text":
      return String(given);
    case "multi_select":
      return typeof given === "string" ? readList(given) : [given];
    case "select":
      return tidy("select", typeof given === "string" ? readScalar(given) : given);
  }
}

const DAY = /^\d{4}-\d{2}-\d{2}(T[\d:.]+)?$/;

function dateRange(text: string): DateRange | undefined {
  if (!text.includes(RANGE)) return /^[a-z][a-z0-9_]{1,40}$/.test(text) ? { relative: text } : undefined;
  const [start = "", end = ""] = text.split(RANGE);
  if ([start, end].some((one) => one !== "" && !DAY.test(one)) || start + end === "") return undefined;
  return { ...(start && { start }), ...(end && { end }) };
}

function numberRange(text: string): NumberRange | undefined {
  const [min = "", max = ""] = text.split(RANGE);
  if (!text.includes(RANGE) || min + max === "" || [min, max].some((one) => Number.isNaN(Number(one))))
    return undefined;
  return { ...(min && { min: Number(min) }), ...(max && { max: Number(max) }) };
}

export type { FilterValues };
