/**
 * The rules of the grid, the same as the server's: twelve columns, no tile outside, an overlap pushes the
 * others down in (y, x) order, a tile without a position takes the first free place at the bottom.
 * Pure; no pixel is known here.
 */

export const COLUMNS = 12;
/** No tile ends below this row. */
export const MAX_ROWS = 1_000;

/** A rectangle in cells; (0, 0) is the top left of the page. */
export interface Cell {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Item extends Cell {
  id: string;
}

export function overlaps(a: Cell, b: Cell): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/** Is the cell of some size and wholly within the twelve columns? */
export function isInside(cell: Cell): boolean {
  return (
    cell.w >= 1 &&
    cell.h >= 1 &&
    cell.x >= 0 &&
    cell.y >= 0 &&
    cell.x + cell.w <= COLUMNS &&
    cell.y + cell.h <= MAX_ROWS
  );
}

/** The nearest cell that lies inside the grid: the size is cut first, then the place. */
export function clamp(cell: Cell): Cell {
  const w = Math.min(Math.max(1, Math.round(cell.w)), COLUMNS);
  const h = Math.max(1, Math.round(cell.h));
  const x = Math.min(Math.max(0, Math.round(cell.x)), COLUMNS - w);
  return { x, y: Math.max(0, Math.round(cell.y)), w, h };
}

/** Below the lowest tile: the first row that is wholly free. */
export function bottom(items: readonly Cell[]): number {
  return items.reduce((lowest, item) => Math.max(lowest, item.y + item.h), 0);
}

/**
 * The items with every overlap resolved: those named in `fixed` stay where they are, the others are taken in
 * (y, x) order and move down as far as needed, never up. The answer keeps the order of `items`.
 */
export function pushDown<T extends Item>(items: readonly T[], fixed: ReadonlySet<string> = NONE): T[] {
  const placed: T[] = [];
  for (const item of [...items].sort(byPlace(fixed))) placed.push(lowered(item, placed));
  const byId = new Map(placed.map((item) => [item.id, item]));
  return items.map((item) => byId.get(item.id) ?? item);
}

/** The items moved up as far as nothing is in the way, in (y, x) order: no gap is left above any of them. */
export function closeUp<T extends Item>(items: readonly T[]): T[] {
  const placed: T[] = [];
  for (const item of [...items].sort(byPlace(NONE))) placed.push(raised(item, placed));
  const byId = new Map(placed.map((item) => [item.id, item]));
  return items.map((item) => byId.get(item.id) ?? item);
}

/** The first free place at the bottom: in the last row of tiles where it fits, else in a new one. */
export function firstFreePlace(items: readonly Cell[], w: number, h: number): Cell {
  const size = clamp({ x: 0, y: 0, w, h });
  const lowest = bottom(items);
  const lastRow = items.reduce((row, item) => Math.max(row, item.y), 0);
  for (const y of items.length === 0 ? [] : [lastRow, lowest]) {
    for (let x = 0; x + size.w <= COLUMNS; x += 1) {
      const place = { ...size, x, y };
      if (!items.some((item) => overlaps(place, item))) return place;
    }
  }
  return { ...size, x: 0, y: lowest };
}

export type Step = "left" | "right" | "up" | "down" | "wider" | "narrower" | "taller" | "shorter";

const STEPS: Record<Step, Cell> = {
  left: { x: -1, y: 0, w: 0, h: 0 },
  right: { x: 1, y: 0, w: 0, h: 0 },
  up: { x: 0, y: -1, w: 0, h: 0 },
  down: { x: 0, y: 1, w: 0, h: 0 },
  wider: { x: 0, y: 0, w: 1, h: 0 },
  narrower: { x: 0, y: 0, w: -1, h: 0 },
  taller: { x: 0, y: 0, w: 0, h: 1 },
  shorter: { x: 0, y: 0, w: 0, h: -1 },
};

/**
 * The cell after one step of the keyboard or of the tile's menu, or null where the grid ends. A tile that
 * touches the right edge grows to the left, so that "Wider" only ends at the full width.
 */
export function stepped(cell: Cell, step: Step): Cell | null {
  const by = STEPS[step];
  const next = { x: cell.x + by.x, y: cell.y + by.y, w: cell.w + by.w, h: cell.h + by.h };
  if (step === "wider" && next.x + next.w > COLUMNS) next.x -= 1;
  return isInside(next) ? next : null;
}

/** The page after `id` took `cell`: it stays there, the others make room. */
export function withCell<T extends Item>(items: readonly T[], id: string, cell: Cell): T[] {
  const moved = items.map((item) => (item.id === id ? { ...item, ...clamp(cell) } : item));
  return pushDown(moved, new Set([id]));
}

/** Only the items whose place or size differs from `before`. */
export function changed<T extends Item>(before: readonly T[], after: readonly T[]): T[] {
  const old = new Map(before.map((item) => [item.id, item]));
  return after.filter((item) => {
    const was = old.get(item.id);
    return !was || !isSameCell(was, item);
  });
}

export function isSameCell(a: Cell, b: Cell): boolean {
  return a.x === b.x && a.y === b.y && a.w === b.w && a.h === b.h;
}

const NONE: ReadonlySet<string> = new Set();

function byPlace(fixed: ReadonlySet<string>): (a: Item, b: Item) => number {
  const rank = (item: Item): number => (fixed.has(item.id) ? 0 : 1);
  return (a, b) => rank(a) - rank(b) || a.y - b.y || a.x - b.x || (a.id < b.id ? -1 : 1);
}

function lowered<T extends Item>(item: T, placed: readonly Cell[]): T {
  let y = item.y;
  for (let hit = at(y); hit; hit = at(y)) y = hit.y + hit.h;
  return y === item.y ? item : { ...item, y };

  function at(row: number): Cell | undefined {
    return placed.find((other) => overlaps({ ...item, y: row }, other));
  }
}

function raised<T extends Item>(item: T, placed: readonly Cell[]): T {
  const above = placed.filter((other) => overlaps({ ...item, y: other.y, h: other.h }, other));
  const y = above.reduce((row, other) => Math.max(row, other.y + other.h), 0);
  return y === item.y ? item : { ...item, y };
}
