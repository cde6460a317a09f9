/** The five numbers of a box and what lies outside its whiskers. */

export interface Box {
  /** Lower whisker, first quartile, median, third quartile, upper whisker. */
  readonly five: readonly [number, number, number, number, number];
  readonly outliers: readonly number[];
  readonly count: number;
}

/** Tukey's box: whiskers reach the last value within 1.5 times the height of the box. Undefined for no values. */
export function boxOf(values: readonly number[]): Box | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  const q1 = quantile(sorted, 0.25);
  const q3 = quantile(sorted, 0.75);
  const reach = 1.5 * (q3 - q1);
  const inside = sorted.filter((value) => value >= q1 - reach && value <= q3 + reach);
  const low = inside[0] ?? q1;
  const high = inside.at(-1) ?? q3;
  return {
    five: [low, q1, quantile(sorted, 0.5), q3, high],
    outliers: sorted.filter((value) => value < low || value > high),
    count: sorted.length,
  };
}

/** Linear between neighbours, as R's type 7 and NumPy's default. `sorted` rises and is not empty. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  const below = sorted[low] ?? 0;
  const above = sorted[low + 1] ?? below;
  return below + (above - below) * (at - low);
}

/** At most `most` of `values`, evenly picked, ends included. */
export function thin(values: readonly number[], most: number): readonly number[] {
  if (values.length <= most) return values;
  return Array.from(
    { length: most },
    (_, at) => values[Math.round((at * (values.length - 1)) / (most - 1))] ?? 0,
  );
}
