/** Numbers and moments as people read them. Formatters are made once per locale and shape. */

export interface NumberStyle {
  readonly format?: "number" | "compact" | "percent" | "currency" | "duration";
  readonly currency?: string;
  readonly prefix?: string;
  readonly suffix?: string;
  readonly decimals?: number;
}

const numberFormats = new Map<string, Intl.NumberFormat>();

function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  let format = numberFormats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, options);
    numberFormats.set(key, format);
  }
  return format;
}

/** The number style that a chart_config asks for; what it says wrongly is left out. */
export function styleOf(config: Readonly<Record<string, unknown>>): NumberStyle {
  const { valueFormat, currency, prefix, suffix, decimals } = config;
  const formats = ["number", "compact", "percent", "currency", "duration"] as const;
  return {
    format: formats.find((format) => format === valueFormat),
    currency: typeof currency === "string" && /^[A-Z]{3}$/.test(currency) ? currency : undefined,
    prefix: typeof prefix === "string" ? prefix : undefined,
    suffix: typeof suffix === "string" ? suffix : undefined,
    decimals:
      typeof decimals === "number" && Number.isInteger(decimals) && decimals >= 0 && decimals <= 10
        ? decimals
        : undefined,
  };
}

/** The number in full, for tables, tooltips and hovers: `4823512.5` is `4,823,512.5`. */
export function formatFull(value: number, style: NumberStyle, locale: string): string {
  if (style.format === "duration") return around(duration(value, style.decimals), style);
  const digits = style.decimals ?? defaultDigits(value, style);
  return around(
    numberFormat(locale, { ...shape(style), ...exactly(digits, style) }).format(clean(value)),
    style,
  );
}

/** The number in three to four figures, for axes, labels and KPIs: `4823512.5` is `4.82M`. */
export function formatShort(value: number, style: NumberStyle, locale: string): string {
  const isBig = Math.abs(value) >= 10_000;
  if (style.format === "duration" || style.format === "percent" || (!isBig && style.format !== "compact"))
    return formatSmall(value, style, locale);
  const digits =
    style.decimals === undefined
      ? { maximumSignificantDigits: 3 }
      : { minimumFractionDigits: style.decimals, maximumFractionDigits: style.decimals };
  return around(
    numberFormat(locale, { ...shape(style), notation: "compact", ...digits }).format(value),
    style,
  );
}

function formatSmall(value: number, style: NumberStyle, locale: string): string {
  if (style.format === "duration" || style.decimals !== undefined) return formatFull(value, style, locale);
  const scaled = style.format === "percent" ? value * 100 : value;
  const digits =
    Number.isInteger(clean(scaled)) || Math.abs(scaled) >= 100 ? 0 : Math.abs(scaled) >= 10 ? 1 : 2;
  const fraction =
    Math.abs(scaled) < 0.1 && scaled !== 0
      ? { maximumSignificantDigits: 2 }
      : { maximumFractionDigits: digits };
  const floor =
    style.format === "currency" && digits > 0 ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : {};
  const whole = style.format === "currency" && digits === 0 ? { minimumFractionDigits: 0 } : {};
  return around(
    numberFormat(locale, { ...shape(style), ...whole, ...fraction, ...floor }).format(clean(value)),
    style,
  );
}

/** A tick of an axis: compact, up to four figures so that neighbours differ, without prefix padding. */
export function formatTick(value: number, style: NumberStyle, locale: string): string {
  if (style.format === "duration") return duration(value, 0);
  const isBig = Math.abs(value) >= 10_000 || (style.format === "compact" && Math.abs(value) >= 1000);
  const base = { ...shape(style), maximumSignificantDigits: 4 };
  const options: Intl.NumberFormatOptions = isBig ? { ...base, notation: "compact" } : base;
  return around(numberFormat(locale, options).format(clean(value)), style);
}

/** A share of one as a percentage with one decimal at most. */
export function formatPercent(share: number, locale: string, digits = 1): string {
  return numberFormat(locale, { style: "percent", maximumFractionDigits: digits }).format(clean(share));
}

function shape(style: NumberStyle): Intl.NumberFormatOptions {
  if (style.format === "percent") return { style: "percent" };
  if (style.format === "currency") return { style: "currency", currency: style.currency ?? "USD" };
  return {};
}

function exactly(digits: number, style: NumberStyle): Intl.NumberFormatOptions {
  const minimum = style.decimals ?? (style.format === "currency" ? digits : 0);
  return { minimumFractionDigits: minimum, maximumFractionDigits: digits };
}

function defaultDigits(value: number, style: NumberStyle): number {
  if (style.format === "currency") return Number.isInteger(value) ? 0 : 2;
  if (style.format === "percent") return 1;
  const size = Math.abs(value);
  return size >= 1000 ? 2 : size >= 1 ? 3 : 6;
}

function around(text: string, style: NumberStyle): string {
  return `${style.prefix ?? ""}${text}${style.suffix ?? ""}`;
}

/** Takes off the noise of binary fractions: 0.30000000000000004 is 0.3. Never minus zero. */
function clean(value: number): number {
  return Number(value.toPrecision(15)) + 0;
}

/** Seconds as `2 d 3 h`, `1 h 20 min`, `3 min 5 s` or `4.2 s`: the two largest units. */
export function duration(seconds: number, decimals?: number): string {
  const sign = seconds < 0 ? "−" : "";
  const size = Math.abs(seconds);
  if (size < 60) return `${sign}${Number(size.toFixed(decimals ?? (size < 10 ? 1 : 0)))} s`;
  const whole = Math.round(size);
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor((whole % 86_400) / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const parts =
    days > 0
      ? [
          [days, "d"],
          [hours, "h"],
        ]
      : hours > 0
        ? [
            [hours, "h"],
            [minutes, "min"],
          ]
        : [
            [minutes, "min"],
            [whole % 60, "s"],
          ];
  return (
    sign +
    parts
      .filter(([amount]) => amount !== 0)
      .map(([amount, unit]) => `${amount} ${unit}`)
      .join(" ")
  );
}

export type Grain = "year" | "month" | "day" | "minute" | "second";

const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let format = dateFormats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC", hourCycle: "h23" });
    dateFormats.set(key, format);
  }
  return format;
}

/** The coarsest grain that tells all of `times` (wall-clock milliseconds) apart. */
export function grainOf(times: readonly (number | null)[]): Grain {
  if (times.some((time) => time !== null && time % 60_000 !== 0)) return "second";
  if (times.some((time) => time !== null && time % 86_400_000 !== 0)) return "minute";
  const seen = times.filter((time) => time !== null);
  if (seen.length < 2 || seen.some((time) => new Date(time).getUTCDate() !== 1)) return "day";
  return seen.every((time) => new Date(time).getUTCMonth() === 0) ? "year" : "month";
}

const IN_FULL: Record<Grain, Intl.DateTimeFormatOptions> = {
  year: { year: "numeric" },
  month: { year: "numeric", month: "long" },
  day: { weekday: "short", year: "numeric", month: "short", day: "numeric" },
  minute: { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" },
  second: {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  },
};

/** A moment in full, for tooltips: "Sat, Jan 5, 2013". */
export function formatMoment(wall: number, grain: Grain, locale: string): string {
  return dateFormat(locale, IN_FULL[grain]).format(wall);
}

/** A moment in few letters, for the category axis of a bar chart; `withYear` where the year is news. */
export function formatMomentShort(wall: number, grain: Grain, locale: string, withYear: boolean): string {
  const year = withYear ? ({ year: "numeric" } as const) : {};
  if (grain === "year") return dateFormat(locale, { year: "numeric" }).format(wall);
  if (grain === "month") return dateFormat(locale, { month: "short", ...year }).format(wall);
  if (grain === "day") return dateFormat(locale, { month: "short", day: "numeric", ...year }).format(wall);
  return dateFormat(locale, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" }).format(
    wall,
  );
}

/** A tick of a time axis: the part of the moment that changes at that tick, by the span shown. */
export function formatTimeTick(wall: number, spanMs: number, locale: string): string {
  const date = new Date(wall);
  const day = 86_400_000;
  if (wall % 60_000 !== 0)
    return dateFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(wall);
  if (wall % day !== 0) return dateFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(wall);
  if (spanMs < 100 * day || date.getUTCDate() !== 1)
    return dateFormat(locale, { month: "short", day: "numeric" }).format(wall);
  if (date.getUTCMonth() === 0) return dateFormat(locale, { year: "numeric" }).format(wall);
  return dateFormat(locale, { month: "short" }).format(wall);
}
