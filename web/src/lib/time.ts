/** Moments for people: how long ago, and when exactly. Times from the server are ISO 8601 in UTC. */
import { dateFormat } from "./format";
import { getLocale } from "./locale";

const relativeFormats = new Map<string, Intl.RelativeTimeFormat>();

function relativeFormat(locale: string): Intl.RelativeTimeFormat {
  let format = relativeFormats.get(locale);
  if (!format) {
    format = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
    relativeFormats.set(locale, format);
  }
  return format;
}

/** Milliseconds of a server time, or null for what is no time. A time without a zone is UTC. */
export function toMillis(iso: string | null | undefined): number | null {
  if (!iso) return null;
  const zoned = /[zZ]$|[+-]\d\d:?\d\d$/.test(iso) ? iso : `${iso}Z`;
  const millis = Date.parse(zoned);
  return Number.isNaN(millis) ? null : millis;
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600_000],
  ["month", 2_629_800_000],
  ["week", 604_800_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

const JUST_NOW: Record<string, string> = { en: "just now", es: "ahora mismo" };

/** "2 min. ago", "yesterday"; under a minute, "just now". The future counts as now: clocks differ. */
export function ago(iso: string | null | undefined, now: number, locale: string = getLocale()): string {
  const then = toMillis(iso);
  if (then === null) return "";
  const passed = now - then;
  for (const [unit, length] of STEPS) {
    if (passed >= length) return relativeFormat(locale).format(-Math.floor(passed / length), unit);
  }
  return JUST_NOW[locale] ?? relativeFormat(locale).format(0, "second");
}

/** "21 Nov 2026, 14:05" in the reader's zone. */
export function exactly(iso: string | null | undefined): string {
  const millis = toMillis(iso);
  if (millis === null) return "";
  return dateFormat({ dateStyle: "medium", timeStyle: "short" }).format(millis);
}
