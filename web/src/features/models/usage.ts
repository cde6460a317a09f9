/** The days of the model's use, without gaps. */
import type { ModelUsage } from "@/api/types";

export interface Day {
  /** ISO, a day of UTC. */
  day: string;
  requests: number;
  /** In and out together. */
  tokens: number;
}

const DAY_MS = 86_400_000;

/** The last `count` days up to the one of `now`, the oldest first; days without use are zero. */
export function everyDay(used: ModelUsage["days"], now: number, count: number): Day[] {
  const known = new Map(used.map((one) => [one.day, one]));
  return Array.from({ length: count }, (_, at) => {
    const day = new Date(now - (count - 1 - at) * DAY_MS).toISOString().slice(0, 10);
    const one = known.get(day);
    return {
      day,
      requests: one?.requests ?? 0,
      tokens: (one?.input_tokens ?? 0) + (one?.output_tokens ?? 0),
    };
  });
}
