/** Inks, lines and the parts of an option that every chart shares. */
import type { EChartsOption } from "echarts";
import type { ChartConfig, ChartContext } from "./contract";
import { textOf } from "./data/fields";
import { categorical, type ThemeName } from "./palette";

export interface Tokens {
  readonly ground: string;
  readonly ink: string;
  readonly inkSoft: string;
  readonly inkFaint: string;
  readonly line: string;
  readonly lineSoft: string;
  /** What is not the point: "Other", thin context lines. */
  readonly muted: string;
  readonly up: string;
  readonly down: string;
}

const TOKENS: Record<ThemeName, Tokens> = {
  light: {
    ground: "#ffffff",
    ink: "#16202a",
    inkSoft: "#44505c",
    inkFaint: "#5b6773",
    line: "#cfd5da",
    lineSoft: "#e9ecef",
    muted: "#98a2ad",
    up: "#1a99a8",
    down: "#e17079",
  },
  dark: {
    ground: "#191f26",
    ink: "#e6eaee",
    inkSoft: "#c3cbd3",
    inkFaint: "#9aa6b2",
    line: "#39434e",
    lineSoft: "#272f38",
    muted: "#707c88",
    up: "#42d8f1",
    down: "#f6a5a6",
  },
};

export const FONT = '"Inter Variable", Inter, system-ui, -apple-system, "Segoe UI", sans-serif';

export function tokensOf(ctx: ChartContext): Tokens {
  const tokens = TOKENS[ctx.theme];
  return ctx.ground ? { ...tokens, ground: ctx.ground } : tokens;
}

/** Tile sizes at which charts leave things out. */
export function sizeOf(ctx: ChartContext) {
  return {
    narrow: ctx.width < 320,
    slim: ctx.width < 480,
    short: ctx.height < 170,
    font: ctx.width < 320 ? 10 : 11,
  };
}

/** A function from series name and position to colour. A name with a fixed place keeps it; no two names here share one. */
export function colorsFor(names: readonly string[], config: ChartConfig, ctx: ChartContext): string[] {
  const colors = categorical(ctx.theme, textOf(config, "colorScheme"));
  const places = names.map((name) => ctx.colorIndex?.(name));
  const taken = new Set(places.filter((place) => place !== undefined));
  const free = colors.map((_, index) => index).filter((index) => !taken.has(index));
  const muted = tokensOf(ctx).muted;
  return places.map((place, index) => {
    if (names[index] === OTHER) return muted;
    return colors[place ?? free.shift() ?? -1] ?? muted;
  });
}

export const OTHER = "Other";

/** The option every chart starts from. First paint does not move; only changes of data do, when motion is welcome. */
export function frame(ctx: ChartContext): EChartsOption {
  const tokens = tokensOf(ctx);
  return {
    darkMode: ctx.theme === "dark",
    backgroundColor: "transparent",
    useUTC: true,
    animation: false,
    textStyle: { fontFamily: FONT, fontSize: sizeOf(ctx).font, color: tokens.inkSoft },
    tooltip: tooltipFrame(ctx),
  };
}

export function tooltipFrame(ctx: ChartContext) {
  const tokens = tokensOf(ctx);
  return {
    confine: true,
    appendTo: "body" as const,
    backgroundColor: ctx.theme === "dark" ? "#1f262e" : "#ffffff",
    borderColor: tokens.line,
    borderWidth: 1,
    padding: [8, 10],
    textStyle: { color: tokens.ink, fontSize: 12, fontFamily: FONT },
    extraCssText: "box-shadow:0 4px 16px rgba(0,0,0,.16);border-radius:6px;max-width:340px;",
    transitionDuration: 0,
  };
}

/** Roughly how wide `text` is in Inter at `size` pixels; charts have no DOM to measure with. */
export function textWidth(text: string, size: number): number {
  let em = 0;
  for (const letter of text) {
    if ("ijlI.,:;|!'` ()[]".includes(letter)) em += 0.3;
    else if ("mwMW@%".includes(letter)) em += 0.88;
    else if (letter >= "A" && letter <= "Z") em += 0.68;
    else if (letter > "\u2e7f") em += 1;
    else em += 0.56;
  }
  return em * size;
}

/** `text` cut to `width` pixels with an ellipsis. */
export function clip(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) return text;
  let kept = "";
  for (const letter of text) {
    if (textWidth(`${kept}${letter}…`, size) > width) break;
    kept += letter;
  }
  return `${kept.trimEnd()}…`;
}

/** `text` on at most two lines, split at the space nearest to its middle, each cut to `width` pixels. */
export function wrap(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) return text;
  const spaces = [...text.matchAll(/ /g)].map((match) => match.index);
  const middle = text.length / 2;
  const [split] = spaces.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  if (split === undefined) return clip(text, width, size);
  return `${clip(text.slice(0, split), width, size)}\n${clip(text.slice(split + 1), width, size)}`;
}
