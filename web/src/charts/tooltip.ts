/** Tooltips: sorted by value, with a total where parts make a whole, and every name escaped. */
import type { ChartContext } from "./contract";
import { formatPercent } from "./format";
import { tokensOf } from "./theme";

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);
}

export interface Line {
  readonly name: string;
  readonly value: string;
  readonly color?: string;
  readonly isStrong?: boolean;
}

/** The inside of a tooltip: a heading and a line per name and value. The only place here that writes HTML. */
export function card(heading: string, lines: readonly Line[], ctx: ChartContext, foot?: string): string {
  const tokens = tokensOf(ctx);
  const head =
    heading &&
    `<div style="font-weight:600;margin-bottom:4px;white-space:normal">${escapeHtml(heading)}</div>`;
  const body = lines.map((line) => lineOf(line, tokens.inkSoft)).join("");
  const end = foot
    ? `<div style="margin-top:4px;font-size:11px;color:${tokens.inkFaint}">${escapeHtml(foot)}</div>`
    : "";
  return `${head}<div style="display:grid;grid-template-columns:auto auto;gap:2px 16px;line-height:1.45">${body}</div>${end}`;
}

function lineOf({ name, value, color, isStrong }: Line, soft: string): string {
  const dot = color
    ? `<span style="display:inline-block;width:8px;height:8px;border-radius:2px;margin-right:6px;background:${escapeHtml(color)}"></span>`
    : "";
  const weight = isStrong ? "600" : "500";
  return (
    `<span style="color:${soft};overflow:hidden;text-overflow:ellipsis;max-width:220px">${dot}${escapeHtml(name)}</span>` +
    `<span style="text-align:right;font-weight:${weight};font-variant-numeric:tabular-nums">${escapeHtml(value)}</span>`
  );
}

/** What ECharts hands to a formatter, as far as we read it. */
export interface TipParam {
  readonly seriesName?: string;
  readonly seriesIndex?: number;
  readonly dataIndex?: number;
  readonly dataType?: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly data?: unknown;
  readonly color?: unknown;
}

/** ECharts types its formatters' arguments very widely; this narrows them once. */
export function tipParams(given: unknown): TipParam[] {
  return (Array.isArray(given) ? given : [given]).filter(
    (param): param is TipParam => typeof param === "object" && param !== null,
  );
}

const MAX_LINES = 12;

export interface AxisTip {
  readonly heading: (dataIndex: number, at: number) => string;
  readonly value: (value: number) => string;
  readonly total: boolean;
}

/** A formatter for `trigger: "axis"`. */
export function axisTip(tip: AxisTip, ctx: ChartContext): (given: unknown) => string {
  return (given) => {
    const found = tipParams(given).flatMap((param) => {
      const [at, value] = numbersIn(param);
      return value === null ? [] : [{ param, at, value }];
    });
    const [first] = found;
    if (!first) return "";
    const sorted = [...found].sort((a, b) => b.value - a.value);
    const lines: Line[] = sorted.slice(0, MAX_LINES).map(({ param, value }) => ({
      name: param.seriesName ?? "",
      value: tip.value(value),
      color: typeof param.color === "string" ? param.color : undefined,
    }));
    const sum = found.reduce((total, { value }) => total + value, 0);
    if (tip.total && found.length > 1) {
      const isWhole = found.every(({ value }) => value >= 0) && sum > 0;
      if (isWhole)
        for (const [at, { value }] of sorted.slice(0, MAX_LINES).entries())
          addShare(lines, at, value / sum, ctx);
      lines.push({ name: "Total", value: tip.value(sum), isStrong: true });
    }
    const more = sorted.length > MAX_LINES ? `and ${sorted.length - MAX_LINES} more` : undefined;
    return card(tip.heading(first.param.dataIndex ?? 0, first.at), lines, ctx, more);
  };
}

function addShare(lines: Line[], at: number, share: number, ctx: ChartContext): void {
  const line = lines[at];
  if (line) lines[at] = { ...line, value: `${line.value}  ·  ${formatPercent(share, ctx.locale)}` };
}

function numbersIn(param: TipParam): [number, number | null] {
  if (Array.isArray(param.value)) {
    const [at, value] = param.value;
    return [typeof at === "number" ? at : 0, typeof value === "number" ? value : null];
  }
  return [param.dataIndex ?? 0, typeof param.value === "number" ? param.value : null];
}
