/** What the page asks of whoever draws a tile's inside. The route brings the two together. */
import type { ComponentType } from "react";
import type { Tile, TileData } from "@/api/types";

export interface BodyProps {
  tile: Tile;
  data: TileData | undefined;
  timeZone: string;
  asTable: boolean;
  /** Places in the palette that this tile shares with others. */
  colorIndex?: (name: string) => number | undefined;
}

export type Body = ComponentType<BodyProps>;
