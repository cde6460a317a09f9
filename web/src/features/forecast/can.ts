/** Which tiles can be asked for a forecast: small, since every dashboard needs to know. The server has the last word. */
import type { Tile, TileData } from "@/api/types";

const TIME = /^(19|20|21)\d\d([-\s]?(Q[1-4]|W\d\d|\d\d))?([-T\s].*)?$/i;

export function canForecast(tile: Tile, data: TileData | null): boolean {
  const { chart_type: type, chart_config: config } = tile;
  if (tile.tile_type !== "chart" || (type !== "line" && type !== "area" && type !== "bar")) return false;
  if (config.horizontal === true || config.stacked === true || !data?.data) return false;
  const { xField } = config;
  const { columns, rows } = data.data;
  const isNamed = typeof xField === "string" && columns.includes(xField);
  const x = isNamed ? xField : columns.find((one) => /^(date|timestamp)/.test(data.types[one] ?? ""));
  return x !== undefined && rows.length > 3 && TIME.test(String(rows[0]?.[x] ?? ""));
}
