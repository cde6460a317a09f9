/** The schedule in a dashboard's settings: when the server takes a snapshot by itself. */

export interface Schedule {
  cron: string;
  /** Absent: the dashboard's own zone. */
  time_zone?: string;
}

/** Minute, hour, day of the month, month, weekday. */
export const PRESETS = {
  hourly: "0 * * * *",
  daily: "0 6 * * *",
  weekdays: "0 6 * * 1-5",
  weekly: "0 6 * * 1",
  monthly: "0 6 1 * *",
} as const;

export type Preset = keyof typeof PRESETS;
export type Choice = Preset | "none" | "custom";

export function scheduleOf(settings: Record<string, unknown>): Schedule | null {
  const found = settings.schedule;
  if (found === null || typeof found !== "object") return null;
  const { cron, time_zone } = found as Record<string, unknown>;
  if (typeof cron !== "string" || cron.trim() === "") return null;
  return { cron: tidy(cron), ...(typeof time_zone === "string" && { time_zone }) };
}

export function choiceOf(schedule: Schedule | null): Choice {
  if (!schedule) return "none";
  const found = Object.entries(PRESETS).find(([, cron]) => cron === schedule.cron);
  return (found?.[0] as Preset | undefined) ?? "custom";
}

/** The settings with this schedule, or without one. The zone that was named stays. */
export function withSchedule(
  settings: Record<string, unknown>,
  cron: string | null,
): Record<string, unknown> {
  const { schedule: _, ...rest } = settings;
  if (cron === null) return rest;
  return { ...rest, schedule: { ...scheduleOf(settings), cron: tidy(cron) } };
}

/** Whether it has the form; the server decides whether it means anything. */
export function isCron(text: string): boolean {
  const fields = tidy(text).split(" ");
  return fields.length === 5 && fields.every((field) => /^[\d*,/a-zA-Z#-]+$/.test(field));
}

function tidy(cron: string): string {
  return cron.trim().split(/\s+/).join(" ");
}
