/** By what a metric may be split: columns of the base, of joined tables, or SQL of one row. */

import {
  ActionIcon,
  Autocomplete,
  Button,
  Group,
  Input,
  MultiSelect,
  Select,
  TextInput,
} from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import type { Dimension } from "@/api/queries/metrics";
import type { ListedTable } from "@/api/tables";
import type { MetricDraft } from "./draft";
import { useMetricText } from "./text";

const BASE = "(base)";
const SQL = "(sql)";

interface Props {
  draft: MetricDraft;
  columns: readonly string[];
  tables: readonly ListedTable[];
  onChange: (changes: Partial<MetricDraft>) => void;
}

export function Dimensions({ draft, columns, tables, onChange }: Props) {
  const t = useMetricText();
  const { dimensions } = draft;
  const joins = draft.joins ?? [];
  const set = (index: number, change: Partial<Dimension>) =>
    onChange({ dimensions: dimensions.map((one, at) => (at === index ? { ...one, ...change } : one)) });
  const drop = (index: number) => onChange({ dimensions: dimensions.filter((_, at) => at !== index) });
  const add = (more: Dimension[]) => onChange({ dimensions: [...dimensions, ...more] });
  const isBare = (one: Dimension) => !one.join && !one.sql && (one.column ?? one.name) === one.name;
  const chosen = dimensions.filter((one) => isBare(one) && columns.includes(one.name)).map((one) => one.name);
  const columnsOf = (alias: string) => {
    const join = joins.find((one) => (one.alias || one.table) === alias);
    return tables.find((one) => one.name === join?.table)?.columns.map((column) => column.name) ?? [];
  };
  return (
    <Input.Wrapper label={t.dimensions} description={t.dimensionsWhy} labelElement="div">
      {columns.length > 0 && (
        <MultiSelect
          mt={6}
          aria-label={t.addColumns}
          placeholder={chosen.length === 0 ? t.addColumns : undefined}
          data={[...columns]}
          value={chosen}
          onChange={(names) =>
            onChange({
              dimensions: [
                ...dimensions.filter((one) => !chosen.includes(one.name) || names.includes(one.name)),
                ...names.filter((name) => !chosen.includes(name)).map((name) => ({ name })),
              ],
            })
          }
          searchable
        />
      )}
      {dimensions.map((one, index) =>
        chosen.includes(one.name) && isBare(one) ? null : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the name is what is being typed
          <Group key={index} gap={6} mt={6} wrap="nowrap">
            <TextInput
              size="xs"
              flex={1}
              aria-label={t.dimensionName}
              placeholder={t.dimensionName}
              value={one.name}
              onChange={(event) => set(index, { name: event.currentTarget.value })}
            />
            <Select
              size="xs"
              w={130}
              aria-label={t.dimensionFrom}
              data={[
                { value: BASE, label: t.base },
                ...joins.map((join) => ({
                  value: join.alias || join.table,
                  label: join.alias || join.table,
                })),
                { value: SQL, label: t.asSql },
              ]}
              value={typeof one.sql === "string" ? SQL : one.join || BASE}
              onChange={(from) =>
                set(index, {
                  sql: from === SQL ? (one.sql ?? "") : null,
                  column: from === SQL ? null : one.column,
                  join: from === SQL || from === BASE ? null : from,
                })
              }
              allowDeselect={false}
            />
            <Autocomplete
              size="xs"
              flex={2}
              aria-label={t.column}
              placeholder={t.column}
              data={typeof one.sql === "string" ? [] : one.join ? columnsOf(one.join) : [...columns]}
              limit={50}
              value={one.sql ?? one.column ?? ""}
              onChange={(value) =>
                set(index, typeof one.sql === "string" ? { sql: value } : { column: value })
              }
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t.remove(one.name || t.dimensionName)}
              onClick={() => drop(index)}
            >
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ),
      )}
      <Button
        mt={6}
        size="compact-xs"
        variant="subtle"
        leftSection={<IconPlus size={13} />}
        onClick={() => add([{ name: "", column: "" }])}
      >
        {t.addDimension}
      </Button>
    </Input.Wrapper>
  );
}
