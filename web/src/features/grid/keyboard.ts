/**
 * Moving tiles by keyboard: Enter lifts the focused tile, arrows move it, Shift and arrows resize it, Enter
 * drops it, Escape puts it back. Pure: what happens is an answer, the grid does it.
 */

import { type Cell, isSameCell, type Step, stepped } from "./rules";

/** A tile in the hand of the keyboard: where it was, and where it would land. */
export interface Lift {
  id: string;
  from: Cell;
  cell: Cell;
}

export type Response =
  | { kind: "lifted"; lift: Lift }
  | { kind: "moved"; lift: Lift }
  | { kind: "edge"; lift: Lift }
  | { kind: "dropped"; lift: Lift; hasMoved: boolean }
  | { kind: "cancelled"; lift: Lift };

export interface Key {
  key: string;
  shiftKey: boolean;
}

const MOVES: Record<string, Step> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

const RESIZES: Record<string, Step> = {
  ArrowLeft: "narrower",
  ArrowRight: "wider",
  ArrowUp: "shorter",
  ArrowDown: "taller",
};

/** What the key does to the focused tile, or null when it is not ours. */
export function pressed(
  lift: Lift | null,
  tile: Cell & { id: string },
  { key, shiftKey }: Key,
): Response | null {
  if (lift?.id !== tile.id) return key === "Enter" ? { kind: "lifted", lift: lifted(tile) } : null;
  if (key === "Escape") return { kind: "cancelled", lift };
  if (key === "Enter" || key === " ") return dropped(lift);
  const step = (shiftKey ? RESIZES : MOVES)[key];
  if (!step) return null;
  const cell = stepped(lift.cell, step);
  return cell ? { kind: "moved", lift: { ...lift, cell } } : { kind: "edge", lift };
}

export function dropped(lift: Lift): Response {
  return { kind: "dropped", lift, hasMoved: !isSameCell(lift.from, lift.cell) };
}

function lifted(tile: Cell & { id: string }): Lift {
  const cell = { x: tile.x, y: tile.y, w: tile.w, h: tile.h };
  return { id: tile.id, from: cell, cell };
}
