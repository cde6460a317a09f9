/** When a link ends, as the dialog offers it and as the server is told. */
import type { LinkTerms } from "@/api/queries/sharing";

/** Days from now. */
export const DAYS = [1, 7, 30, 90] as const;

/** "never", a number of days, "date" for a day of one's own, "as-is" for what is set already. */
export type Ending = "never" | "date" | "as-is" | `${(typeof DAYS)[number]}`;

/** What to send for a choice; null while a day is still to be named. `day` is YYYY-MM-DD in the reader's zone. */
export function endingTerms(ending: Ending, day: string): LinkTerms | null {
  if (ending === "as-is") return {};
  if (ending === "never") return { expires_at: null };
  if (ending !== "date") return { expires_in_days: Number(ending) };
  const last = lastMomentOf(day);
  return last === null ? null : { expires_at: last };
}

/** The end of a day in the reader's zone, as the server writes times; null for what is no day. */
export function lastMomentOf(day: string): string | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day);
  if (!parts) return null;
  const moment = new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]), 23, 59, 59);
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}

/** Tomorrow in the reader's zone, YYYY-MM-DD. */
export function tomorrow(now: number): string {
  const day = new Date(now);
  day.setDate(day.getDate() + 1);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

export const MIN_PASSWORD = 6;
export const MAX_PASSWORD = 200;
