/** The control of a filter, by its type. Loaded when a filter is opened. */

import { Group, NumberInput, SegmentedControl, TagsInput, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { Scalar } from "@/interaction/codec";
import type { FilterDef, FilterValue, FilterValues, NumberRange } from "@/interaction/filters";
import { ChoiceControl } from "./ChoiceControl";
import { DateControl } from "./DateControl";
import classes from "./filters.module.css";
import { useFiltersText } from "./text";

export interface ControlProps {
  dashboardId: string;
  def: FilterDef;
  value: FilterValue;
  /** What is chosen in all filters: others may narrow this one's choices. */
  chosen: FilterValues;
  /** isTyped: one letter or step of many. */
  onChange: (value: FilterValue, isTyped?: boolean) => void;
  /** A choice that needs no second one was made. */
  onDone: () => void;
}

export default function FilterControl(props: ControlProps) {
  const { def } = props;
  switch (def.type) {
    case "date_range":
      return <DateControl {...props} />;
    case "number_range":
      return <NumbersControl {...props} />;
    case "boolean":
      return <BooleanControl {...props} />;
    case "text":
      return <TextControl {...props} />;
    case "select":
      return def.options === null ? <TextControl {...props} /> : <ChoiceControl {...props} />;
    case "multi_select":
      return def.options === null ? <TypedList {...props} /> : <ChoiceControl {...props} />;
  }
}

const PAUSE_MS = 400;

/** Hands a value on when nothing was typed for a moment, and at once when the control goes away. */
function useTyped<T>(given: T, send: (value: T) => void): [T, (value: T) => void, () => void] {
  const [typed, setTyped] = useState(given);
  const waiting = useRef<{ value: T; timer: ReturnType<typeof setTimeout> } | null>(null);
  const latest = useRef(send);
  latest.current = send;
  const flush = () => {
    if (!waiting.current) return;
    clearTimeout(waiting.current.timer);
    const { value } = waiting.current;
    waiting.current = null;
    latest.current(value);
  };
  const flushed = useRef(flush);
  flushed.current = flush;
  useEffect(() => () => flushed.current(), []);
  const change = (value: T) => {
    setTyped(value);
    if (waiting.current) clearTimeout(waiting.current.timer);
    waiting.current = { value, timer: setTimeout(() => flushed.current(), PAUSE_MS) };
  };
  return [typed, change, flush];
}

function TextControl({ def, value, onChange, onDone }: ControlProps) {
  const t = useFiltersText();
  const given = typeof value === "string" || typeof value === "number" ? String(value) : "";
  const [typed, type, flush] = useTyped(given, (text) => onChange(text === "" ? null : text, true));
  return (
    <TextInput
      className={classes.narrow}
      label={def.type === "text" && (def.operator ?? "contains") === "contains" ? t.contains : def.label}
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        flush();
        onDone();
      }}
      data-autofocus
    />
  );
}

function TypedList({ def, value, onChange }: ControlProps) {
  const t = useFiltersText();
  const list = (Array.isArray(value) ? (value as readonly Scalar[]) : []).map(String);
  return (
    <TagsInput
      className={classes.narrow}
      label={def.label}
      description={t.typeValue}
      value={list}
      onChange={(next) => onChange(next)}
      data-autofocus
    />
  );
}

function NumbersControl({ value, onChange, onDone }: ControlProps) {
  const t = useFiltersText();
  const given = (
    value !== null && typeof value === "object" && !Array.isArray(value) ? value : {}
  ) as NumberRange;
  const [typed, type, flush] = useTyped<NumberRange>(given, (range) => onChange(range, true));
  const isWrong = typeof typed.min === "number" && typeof typed.max === "number" && typed.min > typed.max;
  const set = (key: "min" | "max") => (next: string | number) => {
    const range = { ...typed, [key]: typeof next === "number" ? next : null };
    type(range);
  };
  const finish = (event: React.KeyboardEvent) => {
    if (event.key !== "Enter" || isWrong) return;
    flush();
    onDone();
  };
  return (
    <Group gap="xs" className={classes.narrow} wrap="nowrap" align="flex-start" onKeyDown={finish}>
      <NumberInput label={t.from} value={typed.min ?? ""} onChange={set("min")} hideControls data-autofocus />
      <NumberInput label={t.to} value={typed.max ?? ""} onChange={set("max")} error={isWrong} hideControls />
    </Group>
  );
}

function BooleanControl({ value, onChange, def }: ControlProps) {
  const t = useFiltersText();
  return (
    <SegmentedControl
      aria-label={def.label}
      value={typeof value === "boolean" ? String(value) : ""}
      onChange={(next) => onChange(next === "" ? null : next === "true")}
      data={[
        { value: "", label: t.either },
        { value: "true", label: t.yes },
        { value: "false", label: t.no },
      ]}
    />
  );
}
