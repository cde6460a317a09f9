/** What readers do to a dashboard besides reading it: filters, clicks, paths down the levels. For the tiles. */

import { type ReactNode, useMemo } from "react";
import type { Dashboard, Tile, TileData } from "@/api/types";
import { activeOn, missingOn } from "@/interaction/filters";
import { clickOf, type DrillPath, pathOf } from "@/interaction/state";
import type { Interaction } from "@/interaction/useInteraction";
import { type Clicked, isSelected, kindsOf, useTileClicks } from "../clicks";
import type { TileRuns } from "./useTileRuns";

export interface Viewing {
  view: Interaction;
  onPoint: (tile: Tile, clicked: Clicked) => void;
  /** The menu at the pointer, and the rows behind a click. */
  node: ReactNode;
}

export function useViewing(dashboard: Dashboard, view: Interaction, runs: TileRuns): Viewing {
  const { onPoint, node } = useTileClicks(dashboard, view, runs.data);
  return { view, onPoint, node };
}

/** What holds for one tile. */
export interface TileViewing {
  path: DrillPath;
  onPath: (path: DrillPath) => void;
  onPoint?: (clicked: Clicked) => void;
  isSelected?: (row: Readonly<Record<string, unknown>>) => boolean;
  onClearFilters?: () => void;
  onChooseFilter?: () => void;
}

export function useTileViewing(tile: Tile, { view, onPoint }: Viewing, data: TileData | null): TileViewing {
  const { state, defs, drill, reset } = view;
  const path = pathOf(state, tile.id);
  const click = clickOf(state, tile.id);
  const selected = useMemo(() => {
    if (!click || !data?.data) return undefined;
    return isSelected(click, tile, { ...data.data, types: data.types }, path);
  }, [click, data, tile, path]);
  const isClickable = kindsOf(tile, path).length > 0;
  const pick = useMemo(
    () => (isClickable ? (clicked: Clicked) => onPoint(tile, clicked) : undefined),
    [isClickable, onPoint, tile],
  );
  const isNarrowed = state.cross.length > 0 || activeOn(defs, state.filters, tile.id).length > 0;
  const [missing] = missingOn(defs, state.filters, tile.id);
  return {
    path,
    onPath: (next) => drill(tile.id, next),
    onPoint: pick,
    isSelected: selected,
    onClearFilters: isNarrowed ? reset : undefined,
    onChooseFilter: missing ? () => openFilter(missing.name) : undefined,
  };
}

/** Opens the pill of a filter; on the phone, the sheet with all of them. */
export function openFilter(name: string): void {
  const bar = document.querySelector("[data-testid='filter-bar']");
  const pill =
    bar?.querySelector(`[data-filter="${CSS.escape(name)}"]`) ??
    bar?.querySelector("[aria-haspopup='dialog']");
  if (!(pill instanceof HTMLElement)) return;
  pill.scrollIntoView({ block: "nearest" });
  pill.click();
}
