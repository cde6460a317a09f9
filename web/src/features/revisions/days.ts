/** Revisions under the day on which they were made, in the reader's zone. */
import { dateFormat } from "@/lib/format";
import { toMillis } from "@/lib/time";

export interface Day<T> {
  /** YYYY-MM-DD */
  key: string;
  /** Some moment of the day, ms. */
  at: number;
  items: T[];
}

/** Keeps the order; items with a time that is none go under the day before them. */
export function byDay<T extends { created_at: string }>(items: readonly T[]): Day<T>[] {
  const days: Day<T>[] = [];
  for (const item of items) {
    const at = toMillis(item.created_at) ?? days.at(-1)?.at ?? 0;
    const key = dayKey(at);
    const last = days.at(-1);
    if (last?.key === key) last.items.push(item);
    else days.push({ key, at, items: [item] });
  }
  return days;
}

export function dayKey(at: number): string {
  const day = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** "Today", "Yesterday", "Friday, 20 November"; the year when it is another one. */
export function dayName(at: number, now: number, words: { today: string; yesterday: string }): string {
  const key = dayKey(at);
  if (key === dayKey(now)) return words.today;
  const before = new Date(now);
  before.setDate(before.getDate() - 1);
  if (key === dayKey(before.getTime())) return words.yesterday;
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const name = dateFormat({
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(!isThisYear && { year: "numeric" }),
  }).format(at);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** "14:05" */
export function clock(iso: string): string {
  const at = toMillis(iso);
  return at === null ? "" : dateFormat({ timeStyle: "short" }).format(at);
}
