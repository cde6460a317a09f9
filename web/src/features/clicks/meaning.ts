/** What a click on a tile can mean: a level down, a filter for the others, the rows behind it. Pure. */

import type { Tile } from "@/api/types";
import type { Row, Table } from "@/charts/contract";
import { kindOf } from "@/charts/data/coerce";
import { firstDimension, matchColumn, textsOf } from "@/charts/data/fields";
import type { Labelled, Scalar } from "@/interaction/codec";
import { titled } from "@/interaction/filters";
import { type CrossFilter, type DrillPath, type Level, levelsOf } from "@/interaction/state";
import { said } from "@/interaction/words";

export type Meaning =
  | {
      readonly kind: "drill";
      readonly label: string;
      readonly path: DrillPath;
      readonly level: string | null;
    }
  | { readonly kind: "cross"; readonly label: string; readonly click: CrossFilter }
  | {
      readonly kind: "detail";
      readonly label: string;
      readonly dimensions: Readonly<Record<string, Scalar>>;
    };

export interface Point {
  readonly values: Row;
  /** The column of the cell, where a table was clicked. */
  readonly column?: string;
}

export type ClickedTile = Pick<Tile, "id" | "tile_type" | "chart_type" | "chart_config">;

/** The settings that name the dimensions of a chart, the main one first. */
const DIMENSIONS: Readonly<Record<string, readonly string[]>> = {
  bar: ["xField", "seriesField"],
  line: ["xField", "seriesField"],
  area: ["xField", "seriesField"],
  pie: ["nameField"],
  funnel: ["nameField"],
  scatter: ["nameField", "seriesField"],
  heatmap: ["xField", "yField"],
  treemap: ["nameField", "categoryField"],
  sunburst: ["pathFields"],
  sankey: ["sourceField", "targetField"],
  chord: ["sourceField", "targetField"],
  radar: ["nameField", "seriesField"],
  boxplot: ["categoryField"],
  candlestick: ["dateField"],
  gauge: [],
};

/** What clicks on this tile can do at this depth, whatever is clicked; empty where a click does nothing. */
export function kindsOf(tile: ClickedTile, path: DrillPath): Meaning["kind"][] {
  const { chart_config: config } = tile;
  const kinds: Meaning["kind"][] = [];
  if (canGoDown(levelsOf(config), path)) kinds.push("drill");
  const hasMarks = tile.tile_type !== "kpi" && tile.chart_type !== "gauge";
  if (config.cross_filter_enabled === true && (hasMarks || textsOf(config, "crossFilterField").length > 0))
    kinds.push("cross");
  if (hasDetail(config)) kinds.push("detail");
  return kinds;
}

/** The meanings of one click, in the order in which they are offered. */
export function meaningsOf(tile: ClickedTile, table: Table, point: Point, path: DrillPath): Meaning[] {
  const kinds = kindsOf(tile, path);
  const level = levelsOf(tile.chart_config)[path.length];
  const dimensions = dimensionsOf(tile, table);
  const found: Meaning[] = [];
  if (kinds.includes("drill") && level) found.push(...drill(tile, table, point, path, level, dimensions));
  if (kinds.includes("cross")) found.push(...cross(tile, table, point, level, dimensions, path.length === 0));
  if (kinds.includes("detail")) found.push(detail(tile, table, point, level, dimensions, path.length === 0));
  return found;
}

/** The last level is the last that is seen: one step more would leave one mark. */
function canGoDown(levels: readonly Level[], path: DrillPath): boolean {
  return path.length < levels.length - 1 || (levels.length === 1 && path.length === 0);
}

/** A query that the reader may not see comes as null; none at all is absent. */
function hasDetail(config: Readonly<Record<string, unknown>>): boolean {
  const { detail_query: query } = config;
  return query === null || (typeof query === "string" && query.trim() !== "");
}

function drill(
  tile: ClickedTile,
  table: Table,
  { values }: Point,
  path: DrillPath,
  level: Level,
  dimensions: readonly string[],
): Meaning[] {
  const column = matchExactly(table, level.column) ?? dimensions[0];
  if (column === undefined || values[column] === undefined) return [];
  const labelColumn = (level.labelColumn && matchExactly(table, level.labelColumn)) || dimensions[0];
  const step = labelled(values, column, labelColumn);
  const next = levelsOf(tile.chart_config)[path.length + 1];
  return [{ kind: "drill", label: said(step), path: [...path, step], level: next ? levelName(next) : null }];
}

export function levelName(level: Level): string {
  return level.label ?? level.column.replaceAll("_", " ");
}

function cross(
  tile: ClickedTile,
  table: Table,
  point: Point,
  level: Level | undefined,
  dimensions: readonly string[],
  isTop: boolean,
): Meaning[] {
  const target = crossTarget(tile, table, point.column, level, dimensions, isTop);
  const value = target && point.values[target.read];
  if (!target || value === undefined || (value !== null && typeof value === "object")) return [];
  const step = labelled(point.values, target.read, target.label);
  return [
    {
      kind: "cross",
      // "14" alone says nothing; "Hour 14" does.
      label: typeof value === "number" && !step.label ? `${titled(target.column)} ${value}` : said(step),
      click: { tileId: tile.id, column: target.column, values: [step] },
    },
  ];
}

interface CrossTarget {
  /** The column of the others that the click narrows. */
  readonly column: string;
  /** The column of the answer that holds its value. */
  readonly read: string;
  readonly label: string | undefined;
}

/** The author's choice; the level that is shown; the clicked cell; the chart's main dimension. */
function crossTarget(
  tile: ClickedTile,
  table: Table,
  clicked: string | undefined,
  level: Level | undefined,
  dimensions: readonly string[],
  isTop: boolean,
): CrossTarget | undefined {
  // Further down, the columns of the answer stand for other levels than their names say.
  const [chosen] = isTop ? textsOf(tile.chart_config, "crossFilterField") : [];
  const found = chosen && matchExactly(table, chosen);
  if (chosen && found)
    return { column: chosen, read: found, label: labelFor(tile, table, found, dimensions) };
  const atLevel = level && (matchExactly(table, level.column) ?? dimensions[0]);
  if (level && atLevel) {
    const label = (level.labelColumn && matchExactly(table, level.labelColumn)) || dimensions[0];
    return { column: level.column, read: atLevel, label };
  }
  const cell = clicked !== undefined && kindOf(table, clicked) !== "number" ? clicked : undefined;
  const [first, second] = dimensions;
  const isTime = first !== undefined && kindOf(table, first) === "time";
  const read = cell ?? (isTime && second !== undefined ? second : first);
  return read === undefined ? undefined : { column: read, read, label: undefined };
}

/** The dimension that reads for a column of codes: of several, the one with words. */
function labelFor(
  tile: ClickedTile,
  table: Table,
  column: string,
  dimensions: readonly string[],
): string | undefined {
  const [named] = textsOf(tile.chart_config, "crossFilterLabelField");
  if (named) return matchExactly(table, named);
  if (tile.tile_type === "table" || dimensions.includes(column)) return undefined;
  return dimensions.find((one) => kindOf(table, one) === "category") ?? dimensions[0];
}

function detail(
  tile: ClickedTile,
  table: Table,
  { values }: Point,
  level: Level | undefined,
  dimensions: readonly string[],
  isTop: boolean,
): Meaning {
  const chosen = isTop ? textsOf(tile.chart_config, "detailFields") : [];
  const wanted: readonly (readonly [string, string | undefined])[] =
    chosen.length > 0
      ? chosen.map((name) => [name, matchExactly(table, name)])
      : level
        ? atLevel(tile, table, level, dimensions)
        : dimensions.map((name) => [name, name]);
  const entries: [string, Scalar][] = [];
  for (const [name, column] of wanted) {
    const value = column === undefined ? undefined : values[column];
    if (value === undefined || (value !== null && typeof value === "object")) continue;
    entries.push([name, value as Scalar]);
  }
  const labels = dimensions
    .map((one) => values[one])
    .filter((one) => one !== undefined && typeof one !== "object");
  return {
    kind: "detail",
    label: (labels.length > 0 ? labels : entries.map(([, value]) => value))
      .map((value) => said({ value: value as Scalar }))
      .join(" · "),
    dimensions: Object.fromEntries(entries),
  };
}

/**
 * The level's column and where its value stands: under its own name, or under the first dimension's, as in
 * SELECT ${drill.field} AS name. Then the chart's other dimensions; in a table they may be mere labels.
 */
function atLevel(
  tile: ClickedTile,
  table: Table,
  level: Level,
  dimensions: readonly string[],
): (readonly [string, string | undefined])[] {
  const own = matchExactly(table, level.column);
  const others =
    own && dimensions.includes(own) ? dimensions.filter((one) => one !== own) : dimensions.slice(1);
  const rest = tile.tile_type === "table" ? [] : others;
  return [[level.column, own ?? dimensions[0]], ...rest.map((name) => [name, name] as const)];
}

/** The columns of the answer that say which mark it is, the main one first. */
export function dimensionsOf(tile: ClickedTile, table: Table): string[] {
  if (tile.tile_type === "kpi") return [];
  if (tile.tile_type === "table") return table.columns.filter((column) => kindOf(table, column) !== "number");
  const keys = DIMENSIONS[tile.chart_type ?? "bar"] ?? [];
  const named = keys.flatMap((key) => textsOf(tile.chart_config, key));
  const found = named.flatMap((name) => matchColumn(table.columns, name) ?? []);
  if (found.length > 0 || keys.length === 0) return [...new Set(found)];
  const guess = firstDimension(table) ?? table.columns[0];
  return guess === undefined ? [] : [guess];
}

function matchExactly(table: Table, wanted: string): string | undefined {
  if (table.columns.includes(wanted)) return wanted;
  const lower = wanted.toLowerCase();
  return table.columns.find((column) => column.toLowerCase() === lower);
}

function labelled(values: Row, column: string, labelColumn: string | undefined): Labelled {
  const value = values[column] as Scalar;
  const label = labelColumn === undefined || labelColumn === column ? undefined : values[labelColumn];
  return label === undefined || label === null || typeof label === "object"
    ? { value }
    : { value, label: String(label) };
}

/** Whether a row belongs to what was clicked in its own tile. */
export function isSelected(click: CrossFilter, tile: ClickedTile, table: Table, path: DrillPath) {
  const level = levelsOf(tile.chart_config)[path.length];
  const dimensions = dimensionsOf(tile, table);
  const read =
    matchExactly(table, click.column) ?? (level?.column === click.column ? dimensions[0] : undefined);
  if (read === undefined) return undefined;
  const wanted = new Set(click.values.map((one) => one.value));
  return (row: Row) => wanted.has(row[read] as Scalar);
}
