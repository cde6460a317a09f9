/** Chance that repeats: for pictures made from a name. */

/** Whole numbers below `n`, the same ones for the same seed (FNV-1a, then xorshift). */
export function dice(seed: string): (n: number) => number {
  let state = 2166136261;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 16777619) >>> 0;
  state ||= 1;
  return (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % n;
  };
}
