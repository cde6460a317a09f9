/** What a value reads like: its label, else a day in the reader's language, else itself. */

import { dateFormat } from "@/lib/format";
import type { Labelled } from "./codec";

/** "31 Dec 2013", whatever the zone of the reader: a day has none. */
export function dayText(day: string): string {
  const [date = "", time] = day.split(/[T ]/);
  const millis = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(millis)) return day;
  const text = dateFormat({ dateStyle: "medium", timeZone: "UTC" }).format(millis);
  return time && !/^00:00(:00(\.0+)?)?$/.test(time) ? `${text}, ${time}` : text;
}

const DAY = /^\d{4}-\d{2}-\d{2}([T ][\d:.]+)?$/;

export function said({ value, label }: Labelled): string {
  if (label !== undefined) return label;
  if (value === null || value === "") return "–";
  return typeof value === "string" && DAY.test(value) ? dayText(value) : String(value);
}
