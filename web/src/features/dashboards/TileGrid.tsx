/** The mosaic itself: twelve columns of plain CSS grid; one column in reading order on the phone. */

import type { CSSProperties } from "react";
import type { Layout, Tile } from "@/api/types";
import { wideFigures } from "@/lib/mosaic";
import type { Body } from "./body";
import { TileCard } from "./TileCard";
import { useSeriesColors } from "./useSeriesColors";
import type { TileActions } from "./useTileActions";
import type { TileRuns } from "./useTileRuns";
import type { Viewing } from "./useViewing";
import classes from "./view.module.css";

interface Props {
  /** In reading order, which is also the order of the tab key. */
  tiles: Tile[];
  layout: Layout;
  timeZone: string | null;
  runs: TileRuns;
  actions: TileActions;
  viewing: Viewing;
  Body: Body;
}

export function TileGrid({ tiles, layout, timeZone, runs, actions, viewing, Body }: Props) {
  const wide = wideFigures(tiles);
  const colorsOf = useSeriesColors(runs.data, tiles);
  const size = { "--row": `${layout.rowHeight}px`, "--gap": `${layout.gap}px`, "--cols": layout.columns };
  return (
    <div className={classes.grid} style={size as CSSProperties}>
      {tiles.map((tile) => (
        <div
          key={tile.id}
          className={classes.cell}
          data-kind={tile.tile_type}
          data-wide={wide.has(tile.id) || undefined}
          style={placeOf(tile)}
        >
          <TileCard
            tile={tile}
            timeZone={timeZone}
            runs={runs}
            actions={actions}
            viewing={viewing}
            Body={Body}
            colorIndex={colorsOf(tile)}
          />
        </div>
      ))}
    </div>
  );
}

function placeOf(tile: Tile): CSSProperties {
  return {
    "--x": tile.grid_x + 1,
    "--y": tile.grid_y + 1,
    "--w": tile.grid_w,
    "--h": tile.grid_h,
  } as CSSProperties;
}
