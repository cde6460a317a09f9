/** The sentences that stand for a picture. */
import type { ChartContext } from "./contract";
import { formatShort, type NumberStyle } from "./format";

export interface Named {
  readonly name: string;
  readonly value: number;
}

/** "Highest JFK at 111K, lowest LGA at 105K." of named values; empty for none. */
export function extremes(values: readonly Named[], style: NumberStyle, ctx: ChartContext): string {
  const [first, ...others] = values;
  if (!first) return "";
  const show = (one: Named) => `${one.name} at ${formatShort(one.value, style, ctx.locale)}`;
  if (others.length === 0) return `${show(first)}.`;
  const highest = values.reduce((most, one) => (one.value > most.value ? one : most), first);
  const lowest = values.reduce((least, one) => (one.value < least.value ? one : least), first);
  return `Highest ${show(highest)}, lowest ${show(lowest)}.`;
}

/** "a, b and c", or "a, b, c and 4 more". */
export function enumerate(names: readonly string[], most = 4): string {
  const shown = names.slice(0, most);
  if (names.length > most) return `${shown.join(", ")} and ${names.length - most} more`;
  const last = shown.at(-1) ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} and ${last}`;
}
