/** How the cells of a table read: by the column's type, name and settings. Pure. */
import type { ChartConfig, Table } from "@/charts/contract";
import { kindOf, timesOf, toNumber } from "@/charts/data/coerce";
import { matchColumn, titleOf } from "@/charts/data/fields";
import { formatFull, type Grain, grainOf, styleOf } from "@/charts/format";

export interface TableColumn {
  /** Name in the answer. */
  readonly field: string;
  readonly label: string;
  readonly isNumber: boolean;
  readonly width?: number;
  readonly format: (value: unknown, row: number) => string;
}

interface Setting {
  readonly field: string;
  readonly label?: string;
  readonly format?: string;
  readonly width?: number;
  readonly isHidden: boolean;
  readonly style: Readonly<Record<string, unknown>>;
}

/** The columns to show: those the config lists, in its order, then the others as the query has them. */
export function columnsOf(
  table: Table,
  config: ChartConfig,
  locale: string,
  timeZone: string,
): TableColumn[] {
  const settings = settingsOf(table, config);
  const named = settings.map((setting) => setting.field);
  const plain = table.columns
    .filter((column) => !named.includes(column))
    .map((field): Setting => ({ field, isHidden: false, style: {} }));
  return [...settings, ...plain]
    .filter((setting) => !setting.isHidden)
    .map((setting) => columnOf(table, setting, locale, timeZone));
}

function settingsOf(table: Table, config: ChartConfig): Setting[] {
  const listed = Array.isArray(config.columns) ? config.columns : [];
  const seen = new Set<string>();
  return listed.flatMap((item: unknown): Setting[] => {
    if (typeof item !== "object" || item === null || !("field" in item) || typeof item.field !== "string")
      return [];
    const field = matchColumn(table.columns, item.field);
    if (field === undefined || seen.has(field)) return [];
    seen.add(field);
    const style = item as Readonly<Record<string, unknown>>;
    return [
      {
        field,
        label: typeof style.label === "string" ? style.label : undefined,
        format: typeof style.format === "string" ? style.format : undefined,
        width: typeof style.width === "number" && style.width > 0 ? style.width : undefined,
        isHidden: style.hidden === true,
        style,
      },
    ];
  });
}

function columnOf(table: Table, setting: Setting, locale: string, timeZone: string): TableColumn {
  const { field } = setting;
  const kind = kindOf(table, field);
  const isNumber = kind === "number" && setting.format !== "text";
  const base = { field, label: setting.label ?? titleOf(field), isNumber, width: setting.width };
  if (isNumber) return { ...base, format: numberFormat(table, setting, locale) };
  if (kind === "time" && setting.format !== "text")
    return { ...base, format: timeFormat(table, field, locale, timeZone) };
  return { ...base, format: textOf };
}

/** What is neither number nor time, as it came. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Years, ids and codes are names made of digits: they take no separators. */
const NAME_OF_DIGITS = /(^|_)(id|year|yr|code|zip|number|nr|no)$/i;

function numberFormat(table: Table, { field, format, style }: Setting, locale: string) {
  const asked = styleOf({ ...style, valueFormat: format });
  const isName = NAME_OF_DIGITS.test(field) && asked.format === undefined;
  const isExact = table.types[field] === "bigint" || table.types[field] === "bigdecimal";
  const decimals = asked.decimals ?? decimalsFor(table, field, asked.format);
  const digits = new Intl.NumberFormat(locale, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: isExact ? 20 : decimals,
  });
  return (value: unknown): string => {
    if (isName && Number.isInteger(toNumber(value))) return String(value);
    if (asked.format === undefined && isExact && typeof value === "string")
      return (asked.prefix ?? "") + digits.format(value as `${number}`) + (asked.suffix ?? "");
    const number = toNumber(value);
    return number === null
      ? textOf(value)
      : formatFull(number, { ...asked, decimals: decimals ?? asked.decimals }, locale);
  };
}

/** Points align where every cell of the column has as many decimals. */
function decimalsFor(table: Table, field: string, format: string | undefined): number | undefined {
  if (format === undefined) return commonDecimals(table, field);
  if (format !== "percent") return undefined;
  return table.rows.some((row) => !Number.isInteger(Number(((toNumber(row[field]) ?? 0) * 100).toFixed(6))))
    ? 1
    : 0;
}

/** Decimals enough for every value, two at most (four below one), the same in the whole column so that points align. */
function commonDecimals(table: Table, field: string): number {
  let most = 0;
  let largest = 0;
  for (const row of table.rows.slice(0, 1000)) {
    const value = toNumber(row[field]);
    if (value === null) continue;
    largest = Math.max(largest, Math.abs(value));
    const [, fraction = ""] = String(value).split(".");
    most = Math.max(most, fraction.length);
  }
  return Math.min(most, largest < 1 ? 4 : 2);
}

const SHAPES: Record<Grain, Intl.DateTimeFormatOptions> = {
  year: { year: "numeric", month: "short", day: "numeric" },
  month: { year: "numeric", month: "short", day: "numeric" },
  day: { year: "numeric", month: "short", day: "numeric" },
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

function timeFormat(table: Table, field: string, locale: string, timeZone: string) {
  const times = timesOf(table, field, timeZone);
  const isMonth = table.rows.every(
    (row) => typeof row[field] !== "string" || /^\d{4}-\d{2}$/.test(row[field]),
  );
  const shape = isMonth ? ({ year: "numeric", month: "short" } as const) : SHAPES[grainOf(times)];
  const format = new Intl.DateTimeFormat(locale, { ...shape, timeZone: "UTC", hourCycle: "h23" });
  return (value: unknown, row: number): string => {
    const time = times[row];
    return typeof time === "number" ? format.format(time) : textOf(value);
  };
}
