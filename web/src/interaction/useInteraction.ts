/** The state of the view that the address says, and the ways to change it. */

import { useMemo, useRef } from "react";
import type { Dashboard } from "@/api/types";
import { readState, type StateSearch, stateSearchOf, writeState } from "./address";
import { type FilterDef, type FilterValue, readFilters } from "./filters";
import {
  type CrossFilter,
  type DrillPath,
  type ViewState,
  withClick,
  withFilter,
  withoutClick,
  withoutFilters,
  withPath,
} from "./state";

export interface Interaction {
  state: ViewState;
  defs: readonly FilterDef[];
  /** isTyped: one of many small steps, which Back should not stop at. */
  setFilter: (def: FilterDef, value: FilterValue, isTyped?: boolean) => void;
  /** Several filters at once, as one step. */
  setFilters: (values: readonly (readonly [FilterDef, FilterValue])[]) => void;
  reset: () => void;
  click: (click: CrossFilter) => void;
  unclick: (tileId: string) => void;
  drill: (tileId: string, path: DrillPath) => void;
}

export function useInteraction(
  dashboard: Pick<Dashboard, "filters" | "tiles">,
  search: StateSearch,
  onSearch: (change: StateSearch, push?: boolean) => void,
): Interaction {
  const defs = useMemo(() => readFilters(dashboard.filters), [dashboard.filters]);
  const { tiles } = dashboard;
  const key = JSON.stringify(stateSearchOf(search));
  const state = useMemo(() => readState(JSON.parse(key) as StateSearch, defs, tiles), [key, defs, tiles]);
  const now = useRef({ state, search, onSearch });
  now.current = { state, search, onSearch };

  return useMemo(() => {
    const move = (change: (state: ViewState) => ViewState, push: boolean) => {
      const { current } = now;
      const next = change(current.state);
      const written = writeState(next, defs, tiles, stateSearchOf(current.search));
      // Two steps may come before the address is read again.
      current.state = next;
      current.search = { ...current.search, ...written };
      current.onSearch(written, push);
    };
    return {
      state,
      defs,
      setFilter: (def, value, isTyped = false) => move((it) => withFilter(it, def, value), !isTyped),
      setFilters: (values) =>
        move((it) => values.reduce((so, [def, value]) => withFilter(so, def, value), it), true),
      reset: () => move(withoutFilters, true),
      click: (click) => move((it) => withClick(it, click), true),
      unclick: (tileId) => move((it) => withoutClick(it, tileId), true),
      drill: (tileId, path) => move((it) => withPath(it, tileId, path), true),
    };
  }, [state, defs, tiles]);
}
