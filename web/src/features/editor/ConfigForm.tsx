/** The form of a tile's settings, drawn from the field descriptions of its type. */

import { MultiSelect, NumberInput, Select, Stack, Switch, TextInput } from "@mantine/core";
import { memo } from "react";
import type { ChartConfig } from "@/api/types";
import type { FieldSpec, Table } from "@/charts/contract";
import { fieldProblem, fieldsOf, fitting, type Look, namesOf } from "./draft";
import { useEditorText } from "./messages";
import { Section } from "./Section";

interface ConfigFormProps {
  look: Look;
  config: ChartConfig;
  /** The last result; null before the first. */
  table: Table | null;
  onChange: (config: ChartConfig) => void;
}

export const ConfigForm = memo(function ConfigForm({ look, config, table, onChange }: ConfigFormProps) {
  const text = useEditorText();
  const specs = fieldsOf(look);
  const groups = [
    { name: text.data, specs: specs.filter((spec) => spec.group === "data") },
    { name: text.style, specs: specs.filter((spec) => spec.group === "style") },
  ];
  const set = (key: string, value: unknown) => onChange({ ...config, [key]: value });
  return groups
    .filter((group) => group.specs.length > 0)
    .map((group) => (
      <Section key={group.name} title={group.name}>
        <Stack gap="sm">
          {group.specs.map((spec) => (
            <Field
              key={spec.key}
              spec={spec}
              value={config[spec.key]}
              table={table}
              problem={fieldProblem(spec, config, table)}
              onChange={(value) => set(spec.key, value)}
            />
          ))}
        </Stack>
      </Section>
    ));
});

interface FieldProps {
  spec: FieldSpec;
  value: unknown;
  table: Table | null;
  problem: string | null;
  onChange: (value: unknown) => void;
}

function Field({ spec, value, table, problem, onChange }: FieldProps) {
  const text = useEditorText();
  const common = { label: spec.label, description: spec.help, error: problem, size: "xs" as const };
  switch (spec.kind) {
    case "column":
      return (
        <Select
          {...common}
          data={options(spec, value, table, text.columnGone)}
          value={namesOf(value)[0] ?? null}
          onChange={(column) => onChange(column ?? undefined)}
          placeholder={table ? text.chooseColumn : text.runFirst}
          clearable={!spec.required}
          searchable
          withAsterisk={spec.required}
        />
      );
    case "columns":
      return (
        <MultiSelect
          {...common}
          data={options(spec, value, table, text.columnGone)}
          value={namesOf(value)}
          onChange={(columns) => onChange(several(spec, columns))}
          placeholder={namesOf(value).length > 0 ? undefined : table ? text.chooseColumn : text.runFirst}
          searchable
          hidePickedOptions
          withAsterisk={spec.required}
        />
      );
    case "boolean":
      return (
        <Switch
          label={spec.label}
          description={spec.help}
          size="xs"
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "number":
      return (
        <NumberInput
          {...common}
          value={typeof value === "number" ? value : ""}
          onChange={(number) => onChange(typeof number === "number" ? number : undefined)}
          placeholder={text.auto}
        />
      );
    case "select":
      return (
        <Select
          {...common}
          data={spec.options?.map((option) => ({ ...option })) ?? []}
          value={typeof value === "string" ? value : null}
          onChange={(choice) => onChange(choice ?? undefined)}
          placeholder={text.auto}
          clearable
        />
      );
    case "text":
      return (
        <TextInput
          {...common}
          value={typeof value === "string" ? value : ""}
          onChange={(event) => onChange(event.currentTarget.value || undefined)}
        />
      );
  }
}

/** The columns that fit, and those that are chosen but not in the result. */
function options(spec: FieldSpec, value: unknown, table: Table | null, gone: (name: string) => string) {
  const columns = table ? fitting(spec, table) : [];
  const missing = namesOf(value).filter((name) => !columns.includes(name));
  return [
    ...columns.map((name) => ({ value: name, label: name })),
    ...missing.map((name) => ({ value: name, label: table ? gone(name) : name })),
  ];
}

/** One value column is written as a name, as the contract writes it; a path is always a list. */
function several(spec: FieldSpec, columns: string[]): unknown {
  if (columns.length === 0) return undefined;
  return columns.length === 1 && spec.key !== "pathFields" ? columns[0] : columns;
}
