/** The sentences that stand for a picture. */
import type { ChartContext } from "./contract";
import { formatShort, type NumberStyle } from "./format";

/** "Highest JFK at 111K, lowest LGA at 105K." `name` gives the name of the value at an index. */
export function extremes(
  values: readonly (number | null | undefined)[],
  name: (index: number) => string,
  style: NumberStyle,
  ctx: ChartContext,
): string {
  let highest = -1;
  let lowest = -1;
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (typeof value !== "number") continue;
    if (highest < 0 || value > (values[highest] ?? 0)) highest = at;
    if (lowest < 0 || value < (values[lowest] ?? 0)) lowest = at;
  }
  if (highest < 0) return "no values.";
  const show = (at: number) => `${name(at)} at ${formatShort(values[at] ?? 0, style, ctx.locale)}`;
  return highest === lowest ? `${show(highest)}.` : `Highest ${show(highest)}, lowest ${show(lowest)}.`;
}

/** "a, b and c", or "a, b, c and 4 more". */
export function enumerate(names: readonly string[], most = 4): string {
  const shown = names.slice(0, most);
  if (names.length > most) return `${shown.join(", ")} and ${names.length - most} more`;
  const last = shown.at(-1) ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} and ${last}`;
}
