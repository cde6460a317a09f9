/** The settings of the dashboard as a whole; applied as one edit, so that one Undo takes them back. */

import {
  Button,
  Drawer,
  Group,
  NumberInput,
  Select,
  Stack,
  TagsInput,
  Textarea,
  TextInput,
} from "@mantine/core";
import { type FormEvent, useMemo, useState } from "react";
import { type DashboardFields, isSame } from "../history";
import { useEditorText } from "./messages";

interface DashboardSettingsProps {
  fields: DashboardFields;
  onApply: (changes: Partial<DashboardFields>) => void;
  onClose: () => void;
}

const INTERVALS = [30, 60, 300, 900, 3_600, 21_600, 86_400];

export function DashboardSettings({ fields, onApply, onClose }: DashboardSettingsProps) {
  const text = useEditorText();
  const [draft, setDraft] = useState(fields);
  const zones = useMemo(
    () => withOwn(Intl.supportedValuesOf("timeZone"), fields.time_zone),
    [fields.time_zone],
  );
  const set = (changes: Partial<DashboardFields>) => setDraft((old) => ({ ...old, ...changes }));
  const isBlank = draft.name.trim() === "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isBlank) return;
    const changes = changesOf(fields, { ...draft, name: draft.name.trim() });
    if (changes) onApply(changes);
    onClose();
  };
  return (
    <Drawer opened onClose={onClose} title={text.settings} position="right" size="md">
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={text.name}
            value={draft.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
            maxLength={200}
            withAsterisk
            data-autofocus
          />
          <Textarea
            label={text.description}
            value={draft.description ?? ""}
            onChange={(event) => set({ description: event.currentTarget.value || null })}
            autosize
            minRows={2}
            maxRows={6}
          />
          <Select
            label={text.refreshEvery}
            data={intervals(draft.refresh_interval_seconds).map((seconds) => ({
              value: String(seconds ?? 0),
              label: spoken(seconds, text),
            }))}
            value={String(draft.refresh_interval_seconds ?? 0)}
            onChange={(value) => set({ refresh_interval_seconds: Number(value) || null })}
            allowDeselect={false}
          />
          <TagsInput
            label={text.tags}
            placeholder={text.tagsHint}
            value={draft.tags}
            onChange={(tags) => set({ tags })}
            maxTags={50}
          />
          <Select
            label={text.timeZone}
            description={text.timeZoneHint}
            data={zones}
            value={draft.time_zone}
            onChange={(zone) => zone && set({ time_zone: zone })}
            searchable
            limit={100}
            allowDeselect={false}
          />
          <Group grow>
            <NumberInput
              label={text.rowHeight}
              value={draft.layout.rowHeight}
              onChange={(value) =>
                set({ layout: { ...draft.layout, rowHeight: bounded(value, 20, 400, 80) } })
              }
              min={20}
              max={400}
              step={10}
              suffix={` ${text.pixels}`}
              allowDecimal={false}
            />
            <NumberInput
              label={text.gap}
              value={draft.layout.gap}
              onChange={(value) => set({ layout: { ...draft.layout, gap: bounded(value, 0, 100, 16) } })}
              min={0}
              max={100}
              step={4}
              suffix={` ${text.pixels}`}
              allowDecimal={false}
            />
          </Group>
          <Group justify="flex-end" mt="sm">
            <Button variant="default" onClick={onClose}>
              {text.cancel}
            </Button>
            <Button type="submit" disabled={isBlank}>
              {text.apply}
            </Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}

export function changesOf(before: DashboardFields, after: DashboardFields): Partial<DashboardFields> | null {
  const entries = Object.entries(after).filter(
    ([key, value]) => !isSame(before[key as keyof DashboardFields], value),
  );
  return entries.length > 0 ? Object.fromEntries(entries) : null;
}

function intervals(current: number | null): (number | null)[] {
  const all = current === null || INTERVALS.includes(current) ? INTERVALS : [...INTERVALS, current];
  return [null, ...all.toSorted((a, b) => a - b)];
}

function spoken(seconds: number | null, text: ReturnType<typeof useEditorText.now>): string {
  if (seconds === null) return text.never;
  if (seconds % 3_600 === 0) return text.hours(seconds / 3_600);
  return seconds % 60 === 0 ? text.minutes(seconds / 60) : text.seconds(seconds);
}

/** The zone in use may be missing from the browser's list, as UTC is. */
function withOwn(zones: readonly string[], own: string): string[] {
  return [...new Set(["UTC", own, ...zones])];
}

function bounded(value: string | number, min: number, max: number, otherwise: number): number {
  const number = typeof value === "number" ? value : Number.parseInt(value, 10);
  return Number.isFinite(number) ? Math.min(max, Math.max(min, number)) : otherwise;
}
