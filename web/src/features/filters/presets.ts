/** Relative dates offered, and what a value of a filter reads like. Pure, but for the reader's language. */

import type { Scalar } from "@/interaction/codec";
import {
  type DateRange,
  type FilterDef,
  type FilterValue,
  isNothing,
  type NumberRange,
  type Option,
} from "@/interaction/filters";
import { dayText } from "@/interaction/words";
import { dateFormat, numberFormat } from "@/lib/format";
import { useFiltersText } from "./text";

/** In the order of the list; an inner list is a group. */
export const PRESETS: readonly (readonly string[])[] = [
  ["today", "last_7_days", "last_30_days", "last_90_days"],
  ["this_month", "this_quarter", "this_year", "year_to_date"],
  ["last_month", "last_quarter", "last_year"],
];

export function rangeText({ start, end, relative }: DateRange): string {
  const t = useFiltersText.now();
  if (relative) return t.relative(relative);
  if (start && end) return start === end ? dayText(start) : betweenDays(start, end);
  if (start) return t.onwards(dayText(start));
  return end ? t.until(dayText(end)) : "";
}

/** "1 Jan – 31 Dec 2013": what both have in common is said once. */
function betweenDays(start: string, end: string): string {
  const millis = [start, end].map((day) => Date.parse(`${day}T00:00:00Z`));
  const [first, last] = millis;
  if (first === undefined || last === undefined || millis.some(Number.isNaN) || first > last)
    return `${dayText(start)} – ${dayText(end)}`;
  return dateFormat({ dateStyle: "medium", timeZone: "UTC" }).formatRange(first, last);
}

function scalarText(value: Scalar, options: readonly Option[]): string {
  const t = useFiltersText.now();
  const known = options.find((one) => one.value === value);
  if (known) return known.label;
  if (value === null || value === "") return t.empty;
  return typeof value === "number"
    ? numberFormat({ useGrouping: false, maximumFractionDigits: 20 }).format(value)
    : String(value);
}

/** What the value reads like: "Newark +1", "Last 30 days", "10 – 60"; empty where nothing is filtered. */
export function valueText(def: FilterDef, value: FilterValue, options: readonly Option[] = []): string {
  const t = useFiltersText.now();
  if (isNothing(value)) return "";
  const known = Array.isArray(def.options) ? (def.options as readonly Option[]) : options;
  if (Array.isArray(value)) {
    const [first, ...others] = (value as readonly Scalar[]).map((one) => scalarText(one, known));
    return others.length === 0 ? (first ?? "") : t.more(first ?? "", others.length);
  }
  if (typeof value === "boolean") return value ? t.yes : t.no;
  if (value === null || typeof value !== "object") return scalarText(value as Scalar, known);
  if (def.type === "number_range") return numbersText(value as NumberRange);
  return rangeText(value as DateRange);
}

function numbersText({ min, max }: NumberRange): string {
  const t = useFiltersText.now();
  const say = (value: number) => numberFormat({ maximumFractionDigits: 6 }).format(value);
  if (typeof min === "number" && typeof max === "number") return `${say(min)} – ${say(max)}`;
  if (typeof min === "number") return t.atLeast(say(min));
  return typeof max === "number" ? t.atMost(say(max)) : "";
}
