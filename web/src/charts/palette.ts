/**
 * Colours that stay apart for colour-blind eyes, per theme: least CIEDE2000 distance 9 in simulated protan, deutan
 * and tritan vision, contrast of 3:1 or more on the tile. The same index is the same hue in both themes.
 */
export type ThemeName = "light" | "dark";

export const CATEGORICAL: Record<ThemeName, readonly string[]> = {
  light: ["#1971c2", "#ac8d00", "#e17079", "#973183", "#1a99a8", "#877ff4", "#2d8658", "#9f5322"],
  dark: ["#4dabf7", "#b9a754", "#f6a5a6", "#b774a3", "#42d8f1", "#8372d7", "#58a179", "#c86a17"],
};

/** More series than this become the largest seven and "Other". */
export const MAX_COLORS = 8;

/** One hue each, from near the ground to strong: the reading order is the same in both themes. */
const SEQUENTIAL: Record<string, Record<ThemeName, readonly string[]>> = {
  blue: {
    light: ["#eaf3fb", "#c3dcf3", "#8fbfe8", "#5599d8", "#1971c2", "#0d4680"],
    dark: ["#1c2b3a", "#1d456b", "#20639e", "#3287cf", "#63b5f8", "#b5dcfc"],
  },
  teal: {
    light: ["#e6f5f6", "#b9e1e5", "#7fc8cf", "#43aeb9", "#178593", "#0b525c"],
    dark: ["#19302f", "#174c53", "#176c78", "#2496a5", "#42d8f1", "#b3f0fa"],
  },
  purple: {
    light: ["#f6eaf4", "#e6c5df", "#d198c6", "#b869a8", "#973183", "#5f1a52"],
    dark: ["#2d2130", "#4c2f49", "#6f446a", "#96608a", "#c48bb5", "#ecc9e2"],
  },
  orange: {
    light: ["#fbf0e6", "#f2d3b5", "#e3ab7b", "#cf8047", "#a85a1f", "#6b3510"],
    dark: ["#33251a", "#583a1f", "#814f20", "#b36620", "#e08f47", "#f7cda3"],
  },
  green: {
    light: ["#e9f5ee", "#c2e2d0", "#8ec8a8", "#58ab80", "#2d8658", "#165234"],
    dark: ["#1d2f26", "#224a37", "#2c694c", "#418d67", "#70b891", "#bfe3cf"],
  },
};

/** Blue through the ground to orange, for values on both sides of zero. */
const DIVERGING: Record<ThemeName, readonly string[]> = {
  light: ["#0d4680", "#5599d8", "#c3dcf3", "#f4f4f2", "#f2d3b5", "#cf8047", "#6b3510"],
  dark: ["#b5dcfc", "#3287cf", "#1d456b", "#2b2c2f", "#583a1f", "#b36620", "#f7cda3"],
};

export const COLOR_SCHEMES = ["tesela", ...Object.keys(SEQUENTIAL)] as const;

/** The shades of one hue, weak to strong; an unknown name means blue. */
export function sequential(theme: ThemeName, scheme?: string): readonly string[] {
  return (SEQUENTIAL[scheme ?? "blue"] ?? SEQUENTIAL.blue)?.[theme] ?? [];
}

export function diverging(theme: ThemeName): readonly string[] {
  return DIVERGING[theme];
}

/** The colours of series: eight hues, or, when `scheme` names one hue, that hue first. */
export function categorical(theme: ThemeName, scheme?: string): readonly string[] {
  const colors = CATEGORICAL[theme];
  const first = { blue: 0, purple: 3, teal: 4, green: 6, orange: 7 }[scheme ?? ""] ?? 0;
  return [...colors.slice(first), ...colors.slice(0, first)];
}

/** `weight` 0 is `a`, 1 is `b`; both as #rrggbb. */
export function mix(a: string, b: string, weight: number): string {
  const channel = (at: number) => {
    const from = Number.parseInt(a.slice(at, at + 2), 16);
    const to = Number.parseInt(b.slice(at, at + 2), 16);
    return Math.round(from + (to - from) * weight)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

export function fade(color: string, alpha: number): string {
  const channel = (at: number) => Number.parseInt(color.slice(at, at + 2), 16);
  return `rgba(${channel(1)},${channel(3)},${channel(5)},${alpha})`;
}

/** Black or white, whichever is easier to read on `color`: 4.2:1 or better (WCAG relative luminance). */
export function inkOn(color: string): string {
  return luminance(color) > 0.2 ? "#16181d" : "#ffffff";
}

function luminance(color: string): number {
  const linear = (at: number) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5);
}

/** The colour at `share` (0 to 1) of a list of shades. */
export function shadeAt(shades: readonly string[], share: number): string {
  const last = shades.length - 1;
  const at = Math.min(Math.max(share, 0), 1) * last;
  const low = Math.floor(at);
  return mix(shades[low] ?? "#000000", shades[Math.min(low + 1, last)] ?? "#000000", at - low);
}
