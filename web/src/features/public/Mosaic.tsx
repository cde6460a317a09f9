/** The tiles of a public page, with the look of the app's own view and without its menus. */

import { UnstyledButton } from "@mantine/core";
import { IconChartBar, IconTable } from "@tabler/icons-react";
import { type CSSProperties, useMemo, useState } from "react";
import type { Layout, Tile, TileData } from "@/api/types";
import { dashboardColors } from "@/charts/colors";
import { wideFigures } from "@/lib/mosaic";
import { ErrorBoundary } from "@/ui/ErrorBoundary";
import { sharingTiles } from "../dashboards/useSeriesColors";
import view from "../dashboards/view.module.css";
import type { Body } from "./body";
import { usePublicText } from "./text";

type Results = Record<string, TileData>;

interface Props {
  /** In reading order. */
  tiles: Tile[];
  results: Results;
  layout: Layout;
  timeZone: string;
  Body: Body;
}

export function Mosaic({ tiles, results, layout, timeZone, Body }: Props) {
  const wide = wideFigures(tiles);
  const colorsOf = useColors(tiles, results);
  const size = { "--row": `${layout.rowHeight}px`, "--gap": `${layout.gap}px`, "--cols": layout.columns };
  return (
    <div className={view.grid} style={size as CSSProperties}>
      {tiles.map((tile) => (
        <div
          key={tile.id}
          className={view.cell}
          data-kind={tile.tile_type}
          data-wide={wide.has(tile.id) || undefined}
          style={placeOf(tile)}
        >
          <Card
            tile={tile}
            data={results[tile.id]}
            timeZone={timeZone}
            colorIndex={colorsOf(tile.id)}
            Body={Body}
          />
        </div>
      ))}
    </div>
  );
}

interface CardProps {
  tile: Tile;
  data: TileData | undefined;
  timeZone: string;
  colorIndex?: (name: string) => number | undefined;
  Body: Body;
}

function Card({ tile, data, timeZone, colorIndex, Body }: CardProps) {
  const t = usePublicText();
  const [asTable, setAsTable] = useState(false);
  const subtitle = tile.chart_config.subtitle;
  const isChart = tile.tile_type === "chart" && Boolean(data?.data?.rows.length);
  const label = asTable ? t.asChart(tile.title) : t.asTable(tile.title);
  return (
    <article
      className={view.tile}
      data-kind={tile.tile_type}
      aria-label={t.tile(tile.title)}
      data-tile={tile.id}
    >
      {tile.tile_type !== "text" && (
        <div className={view.tileHead}>
          <div className={view.tileTitle}>
            <h2 title={tile.title}>
              <span>{tile.title}</span>
            </h2>
            {typeof subtitle === "string" && subtitle && <p>{subtitle}</p>}
          </div>
          {isChart && (
            <UnstyledButton
              className={view.tileMenu}
              aria-label={label}
              title={label}
              aria-pressed={asTable}
              onClick={() => setAsTable(!asTable)}
            >
              {asTable ? <IconChartBar size={16} stroke={1.7} /> : <IconTable size={16} stroke={1.7} />}
            </UnstyledButton>
          )}
        </div>
      )}
      <div className={view.tileBody}>
        <ErrorBoundary resetKey={data} fallback={(error) => <p className={view.failed}>{error.message}</p>}>
          <Body tile={tile} data={data} timeZone={timeZone} asTable={asTable} colorIndex={colorIndex} />
        </ErrorBoundary>
      </div>
    </article>
  );
}

/** One name, one colour on the whole page. */
function useColors(tiles: Tile[], results: Results) {
  return useMemo(() => {
    const members = sharingTiles(tiles);
    const colored = members.flatMap((tile) => {
      const { data, types } = results[tile.id] ?? {};
      if (!data) return [];
      return [{ type: tile.chart_type, config: tile.chart_config, table: { ...data, types: types ?? {} } }];
    });
    const colors = dashboardColors(colored);
    const ids = new Set(members.map((tile) => tile.id));
    return (id: string) => (ids.has(id) ? colors : undefined);
  }, [tiles, results]);
}

function placeOf(tile: Tile): CSSProperties {
  return {
    "--x": tile.grid_x + 1,
    "--y": tile.grid_y + 1,
    "--w": tile.grid_w,
    "--h": tile.grid_h,
  } as CSSProperties;
}
