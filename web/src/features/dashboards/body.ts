/** What the view asks of whoever draws a tile's inside. The route brings the two together. */

import type { ComponentType } from "react";
import type { Dashboard, Tile, TileData } from "@/api/types";
import type { Overlay } from "@/charts/contract";
import type { Clicked } from "../clicks";

export interface BodyProps {
  tile: Tile;
  /** The latest result; null before the first. */
  data: TileData | null;
  /** True when the first result is late enough that a skeleton helps. */
  loading: boolean;
  timeZone: string | null;
  /** Draw the rows instead of the picture. */
  asTable?: boolean;
  /** Places in the palette that this tile shares with others. */
  colorIndex?: (name: string) => number | undefined;
  onRetry: () => void;
  /** Gives up waiting for a result. */
  onCancel?: () => void;
  /** A mark, row or figure was picked. Present where a click means something. */
  onPoint?: (clicked: Clicked) => void;
  /** Marks and rows for which it says no are dimmed: others were picked in this tile. */
  isSelected?: (row: Readonly<Record<string, unknown>>) => boolean;
  /** Drawn over the chart. */
  overlay?: Overlay;
  /** Present while filters narrow the tile. */
  onClearFilters?: () => void;
  /** Leads to the filter that the tile waits for. */
  onChooseFilter?: () => void;
  /** Present when the reader may change the tile's SQL. */
  onEditQuery?: () => void;
}

export type Body = ComponentType<BodyProps>;

export interface EditorProps {
  dashboard: Dashboard;
  onDone: () => void;
  initialTileId?: string;
}

export type Editor = ComponentType<EditorProps>;
