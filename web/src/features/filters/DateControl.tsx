/** A range of days: a relative one from a list, or two days from the calendar. */

import { TextInput } from "@mantine/core";
import { DatePicker, DatesProvider } from "@mantine/dates";
import "@mantine/dates/styles.css";
import "dayjs/locale/es";
import { useState } from "react";
import type { DateRange } from "@/interaction/filters";
import { useLocale } from "@/lib/locale";
import type { ControlProps } from "./FilterControl";
import classes from "./filters.module.css";
import { PRESETS } from "./presets";
import { useFiltersText } from "./text";

export function DateControl({ def, value, onChange, onDone }: ControlProps) {
  const t = useFiltersText();
  const locale = useLocale();
  const given = (
    value !== null && typeof value === "object" && !Array.isArray(value) ? value : {}
  ) as DateRange;
  const [days, setDays] = useState<[string | null, string | null]>([
    given.start?.slice(0, 10) ?? null,
    given.end?.slice(0, 10) ?? null,
  ]);
  const [start, end] = days;
  const [month, setMonth] = useState(start ?? end ?? undefined);
  const choose = (next: [string | null, string | null]) => {
    setDays(next);
    const [from, to] = next;
    if (from && to) onChange(from <= to ? { start: from, end: to } : { start: to, end: from });
  };
  const type = (at: 0 | 1) => (event: React.ChangeEvent<HTMLInputElement>) => {
    const day = event.currentTarget.value || null;
    const next: [string | null, string | null] = at === 0 ? [day, end] : [start, day];
    setDays(next);
    if (day) setMonth(day);
    const [from, to] = next;
    if (from && to && from > to) return;
    onChange(from || to ? { ...(from && { start: from }), ...(to && { end: to }) } : null, true);
  };
  const preset = (relative: string) => {
    onChange(relative === "all_time" ? null : { relative });
    onDone();
  };
  const own = given.relative && !PRESETS.flat().includes(given.relative) ? [[given.relative]] : [];
  return (
    <div className={classes.dates}>
      <fieldset className={classes.presets} aria-label={def.label}>
        {[...own, ...PRESETS, ...(def.required ? [] : [["all_time"]])].map((group) => (
          <div key={group[0]} className={classes.presetGroup}>
            {group.map((name) => (
              <button
                key={name}
                type="button"
                data-chosen={given.relative === name || undefined}
                aria-pressed={given.relative === name}
                onClick={() => preset(name)}
              >
                {t.relative(name)}
              </button>
            ))}
          </div>
        ))}
      </fieldset>
      <div className={classes.calendar}>
        <div className={classes.dayInputs}>
          <TextInput
            size="xs"
            type="date"
            label={t.from}
            value={start ?? ""}
            onChange={type(0)}
            max={end ?? undefined}
          />
          <TextInput
            size="xs"
            type="date"
            label={t.to}
            value={end ?? ""}
            onChange={type(1)}
            min={start ?? undefined}
          />
        </div>
        <DatesProvider settings={{ locale, firstDayOfWeek: 1, weekendDays: [] }}>
          <DatePicker
            type="range"
            allowSingleDateInRange
            value={days}
            onChange={choose}
            date={month}
            onDateChange={setMonth}
            size="sm"
          />
        </DatesProvider>
      </div>
    </div>
  );
}
