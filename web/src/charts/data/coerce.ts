/** Cells to numbers, times and labels: once, at the edge. */
import type { Table } from "../contract";

export type ColumnKind = "number" | "time" | "category";

const NUMERIC = new Set(["int", "bigint", "decimal", "bigdecimal", "float"]);
const TEMPORAL = new Set(["date", "timestamp", "timestamptz"]);
const GROUPED = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/;
const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const MOMENT =
  /^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?)?$/;

/** The number in a cell, or null: `"1,234"`, `"12.50"` and booleans count, words do not. */
export function toNumber(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "string") return null;
  const text = value.trim();
  if (PLAIN.test(text)) return finite(Number(text));
  return GROUPED.test(text) ? finite(Number(text.replaceAll(",", ""))) : null;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/**
 * Milliseconds of the wall clock, as if it hung in UTC: format them with `timeZone: "UTC"`.
 *
 * Dates and timestamps without a zone keep their own wall clock; only a moment with an offset moves to `timeZone`.
 */
export function toWallTime(value: unknown, timeZone: string): number | null {
  if (typeof value !== "string") return null;
  const match = MOMENT.exec(value.trim());
  if (!match) return null;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const wall = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day ?? 1),
    Number(hour ?? 0),
    Number(minute ?? 0),
    Number(second ?? 0),
    fraction ? Math.floor(Number(`0.${fraction}`) * 1000) : 0,
  );
  if (Number.isNaN(wall) || Number(month) > 12) return null;
  if (zone === undefined) return wall;
  const instant = wall - offsetOf(zone);
  return instant + zoneOffset(instant, timeZone);
}

function offsetOf(zone: string): number {
  if (zone === "Z") return 0;
  const sign = zone.startsWith("-") ? -1 : 1;
  const minutes = zone.length > 3 ? Number(zone.slice(-2)) : 0;
  return sign * (Number(zone.slice(1, 3)) * 60 + minutes) * 60_000;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const clocks = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

/** Milliseconds that the clocks of `timeZone` are ahead of UTC at `instant`. */
export function zoneOffset(instant: number, timeZone: string): number {
  if (timeZone === "UTC") return 0;
  const day = Math.floor(instant / DAY_MS) * DAY_MS;
  const first = offsetAt(day, timeZone);
  if (first === offsetAt(day + DAY_MS, timeZone)) return first;
  return offsetAt(Math.floor(instant / HOUR_MS) * HOUR_MS, timeZone);
}

function offsetAt(instant: number, timeZone: string): number {
  const key = `${timeZone}|${instant}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const part: Record<string, number> = {};
  for (const { type, value } of clockOf(timeZone).formatToParts(instant)) part[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  const offset = Date.UTC(year, month - 1, day, hour, minute, second) - instant;
  offsets.set(key, offset);
  return offset;
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone);
  if (!clock) {
    const numeric = "numeric" as const;
    const fields = {
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    };
    const settings = { ...fields, hourCycle: "h23" as const, calendar: "gregory", numberingSystem: "latn" };
    try {
      clock = new Intl.DateTimeFormat("en", { ...settings, timeZone });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      clock = new Intl.DateTimeFormat("en", { ...settings, timeZone: "UTC" }); // a zone this browser does not know
    }
    clocks.set(timeZone, clock);
  }
  return clock;
}

/** What a cell is called on an axis or in a legend. */
export function toLabel(value: unknown): string {
  if (value === null || value === undefined) return "(none)";
  if (typeof value === "string") return value === "" ? "(blank)" : value;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

interface Read {
  numbers: Map<string, (number | null)[]>;
  times: Map<string, (number | null)[]>;
  kinds: Map<string, ColumnKind>;
}
const reads = new WeakMap<object, Read>();

function readOf(table: Table): Read {
  let read = reads.get(table.rows);
  if (!read) {
    read = { numbers: new Map(), times: new Map(), kinds: new Map() };
    reads.set(table.rows, read);
  }
  return read;
}

function remember<T>(shelf: Map<string, T>, key: string, make: () => T): T {
  const known = shelf.get(key);
  if (known !== undefined) return known;
  const made = make();
  shelf.set(key, made);
  return made;
}

/** The column as numbers, one per row; parsed once per answer. */
export function numbersOf(table: Table, column: string): readonly (number | null)[] {
  return remember(readOf(table).numbers, column, () => table.rows.map((row) => toNumber(row[column])));
}

/** The column as wall-clock milliseconds, one per row; parsed once per answer and zone. */
export function timesOf(table: Table, column: string, timeZone: string): readonly (number | null)[] {
  return remember(readOf(table).times, `${timeZone}|${column}`, () =>
    table.rows.map((row) => toWallTime(row[column], timeZone)),
  );
}

/** How a column is best read: by its declared type, else by looking at its cells. */
export function kindOf(table: Table, column: string): ColumnKind {
  return remember(readOf(table).kinds, column, () => {
    const type = table.types[column];
    if (type !== undefined && NUMERIC.has(type)) return "number";
    if (type !== undefined && TEMPORAL.has(type)) return "time";
    if (type === "bool" || type === "time" || type === "interval" || type === "json" || type === "binary")
      return "category";
    return kindByCells(table, column, type === "text");
  });
}

/** A text column of numbers stays text (`"07"` may be a code); one of ISO dates is time. */
function kindByCells(table: Table, column: string, isText: boolean): ColumnKind {
  const cells = table.rows.map((row) => row[column]).filter((cell) => cell !== null && cell !== undefined);
  if (cells.length === 0) return "category";
  if (cells.every((cell) => typeof cell === "string" && MOMENT.test(cell))) return "time";
  if (cells.every((cell) => typeof cell === "number")) return "number";
  if (isText || cells.some((cell) => typeof cell === "boolean")) return "category";
  return cells.every((cell) => toNumber(cell) !== null) ? "number" : "category";
}
