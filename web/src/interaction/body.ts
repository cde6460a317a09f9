/** The state of a view as the body of a request. What is not set is left out. Pure. */

import type { Scalar } from "./codec";
import type { FilterValues } from "./filters";
import { type DrillPath, levelsOf, pathOf, type ViewState } from "./state";

export interface ViewBody {
  filter_values?: FilterValues;
  cross_filters?: { source_tile_id: string; column: string; operator: "in"; values: Scalar[] }[];
}

export interface DrillStepBody {
  level: number;
  id_column: string;
  label_column?: string;
  value: Scalar;
}

export interface TileBody extends ViewBody {
  drill_path?: DrillStepBody[];
}

/** What holds for every tile. */
export function viewBody({ filters, cross }: ViewState): ViewBody {
  const body: ViewBody = {};
  if (Object.keys(filters).length > 0) body.filter_values = filters;
  if (cross.length > 0)
    body.cross_filters = cross.map(({ tileId, column, values }) => ({
      source_tile_id: tileId,
      column,
      operator: "in",
      values: values.map((one) => one.value),
    }));
  return body;
}

type Configured = { readonly id: string; readonly chart_config: Readonly<Record<string, unknown>> };

/** The steps of a path; those past the tile's levels are dropped, as when its author took a level away. */
export function drillSteps(tile: Configured, path: DrillPath): DrillStepBody[] {
  return levelsOf(tile.chart_config).flatMap(({ column, labelColumn }, level) => {
    const step = path[level];
    if (!step) return [];
    return [
      {
        level,
        id_column: column,
        ...(labelColumn && { label_column: labelColumn }),
        value: step.value,
      },
    ];
  });
}

/** What holds for one tile: the view, and the tile's own path. */
export function tileBody(state: ViewState, tile: Configured): TileBody {
  const steps = drillSteps(tile, pathOf(state, tile.id));
  return { ...viewBody(state), ...(steps.length > 0 && { drill_path: steps }) };
}
