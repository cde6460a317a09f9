/** The one state of a viewed dashboard: filters, cross-filters, and each tile's path down its levels. Pure. */

import type { Labelled, Scalar } from "./codec";
import { type FilterDef, type FilterValue, type FilterValues, isSameValue, tidy } from "./filters";

/** A click on one tile that narrows the others. */
export interface CrossFilter {
  readonly tileId: string;
  readonly column: string;
  readonly values: readonly Labelled[];
}

export type DrillPath = readonly Labelled[];

export interface ViewState {
  /** Only what differs from the defaults; null where the viewer took a default away. */
  readonly filters: FilterValues;
  /** In the order in which they were set. */
  readonly cross: readonly CrossFilter[];
  readonly drill: Readonly<Record<string, DrillPath>>;
}

export const AS_IT_OPENS: ViewState = { filters: {}, cross: [], drill: {} };
export const NO_PATH: DrillPath = [];

export function withFilter(state: ViewState, def: FilterDef, value: FilterValue): ViewState {
  const { [def.name]: _before, ...others } = state.filters;
  const wanted = tidy(def.type, value);
  return {
    ...state,
    filters: isSameValue(wanted, def.default) ? others : { ...others, [def.name]: wanted },
  };
}

/** Every filter as the dashboard opens with it, no click kept; paths down the levels stay. */
export function withoutFilters(state: ViewState): ViewState {
  return { ...state, filters: {}, cross: [] };
}

/** A click sets the tile's cross-filter; the same click again takes it away. */
export function withClick(state: ViewState, click: CrossFilter): ViewState {
  const before = state.cross.find((one) => one.tileId === click.tileId);
  const others = state.cross.filter((one) => one.tileId !== click.tileId);
  return { ...state, cross: before && isSameClick(before, click) ? others : [...others, click] };
}

export function withoutClick(state: ViewState, tileId: string): ViewState {
  return { ...state, cross: state.cross.filter((one) => one.tileId !== tileId) };
}

function isSameClick(a: CrossFilter, b: CrossFilter): boolean {
  const values = ({ values }: CrossFilter) => JSON.stringify(values.map((one) => one.value));
  return a.column === b.column && values(a) === values(b);
}

/** One level down, or, with a shorter path, up. A tile that moves drops the click that it had set. */
export function withPath(state: ViewState, tileId: string, path: DrillPath): ViewState {
  const { [tileId]: _before, ...others } = state.drill;
  return {
    ...withoutClick(state, tileId),
    drill: path.length === 0 ? others : { ...others, [tileId]: path },
  };
}

export function pathOf(state: ViewState, tileId: string): DrillPath {
  return state.drill[tileId] ?? NO_PATH;
}

/** The click that a tile has set. */
export function clickOf(state: ViewState, tileId: string): CrossFilter | undefined {
  return state.cross.find((one) => one.tileId === tileId);
}

export function isAsItOpens({ filters, cross, drill }: ViewState): boolean {
  return cross.length === 0 && Object.keys(filters).length === 0 && Object.keys(drill).length === 0;
}

/** The level names of a tile's hierarchy, in either spelling of its settings. */
export interface Level {
  readonly column: string;
  readonly labelColumn: string | null;
  /** What the level is called; the column's name where the author gave none. */
  readonly label: string | null;
}

type Raw = Readonly<Record<string, unknown>>;

export function levelsOf(config: Raw): Level[] {
  const { drill_levels, drilldown } = config;
  if (Array.isArray(drill_levels) && drill_levels.length > 0)
    return drill_levels.flatMap((one) => levelOf(one, "id_column"));
  const other = drilldown !== null && typeof drilldown === "object" ? (drilldown as Raw).levels : null;
  return Array.isArray(other) ? other.flatMap((one) => levelOf(one, "field")) : [];
}

function levelOf(given: unknown, key: string): Level[] {
  if (given === null || typeof given !== "object") return [];
  const one = given as Raw;
  const column = one[key];
  if (typeof column !== "string" || column === "") return [];
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : null);
  return [{ column, labelColumn: text(one.label_column), label: text(one.label) }];
}

export type { Labelled, Scalar };
