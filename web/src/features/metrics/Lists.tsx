/** The joined tables of a metric, and the conditions that always hold. */

import { ActionIcon, Button, Group, Input, Select, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { CARDINALITIES, type Join, type Rule } from "@/api/queries/metrics";
import type { ListedTable } from "@/api/tables";
import type { MetricDraft } from "./draft";
import { MONO } from "./looks";
import { ruleText } from "./MetricPage";
import { useMetricText } from "./text";

interface Props {
  draft: MetricDraft;
  onChange: (changes: Partial<MetricDraft>) => void;
}

export function Joins({ draft, tables, onChange }: Props & { tables: readonly ListedTable[] }) {
  const t = useMetricText();
  const joins = draft.joins ?? [];
  const set = (index: number, change: Partial<Join>) =>
    onChange({ joins: joins.map((one, at) => (at === index ? { ...one, ...change } : one)) });
  return (
    <Input.Wrapper label={t.joins} description={t.joinsWhy} labelElement="div">
      {joins.map((join, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what it is called is being changed
        <Group key={index} gap={6} mt={6} align="flex-start">
          <Select
            size="xs"
            w={150}
            aria-label={t.table}
            placeholder={t.table}
            data={[...new Set([...tables.map((one) => one.name), join.table].filter(Boolean))]}
            value={join.table || null}
            onChange={(table) => table && set(index, { table })}
            allowDeselect={false}
            searchable
          />
          <TextInput
            size="xs"
            flex="1 1 200px"
            aria-label={t.joinOn}
            placeholder={t.joinOnHint}
            styles={MONO}
            value={join.on}
            onChange={(event) => set(index, { on: event.currentTarget.value })}
          />
          <Select
            size="xs"
            w={140}
            aria-label={t.cardinalityLabel}
            data={CARDINALITIES.map((one) => ({ value: one, label: t.cardinality[one] }))}
            value={join.cardinality}
            onChange={(one) => one && set(index, { cardinality: one as Join["cardinality"] })}
            allowDeselect={false}
          />
          <Remove
            what={join.table || t.table}
            onClick={() => onChange({ joins: joins.filter((_, at) => at !== index) })}
          />
        </Group>
      ))}
      <Add
        label={t.addJoin}
        onClick={() => onChange({ joins: [...joins, { table: "", on: "", cardinality: "many_to_one" }] })}
      />
    </Input.Wrapper>
  );
}

export function Filters({ draft, onChange }: Props) {
  const t = useMetricText();
  const filters: Rule[] = draft.filters ?? [];
  return (
    <Input.Wrapper label={t.filters} description={t.filtersWhy} labelElement="div">
      {filters.map((rule, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the text is being typed
        <Group key={index} gap={6} mt={6} wrap="nowrap">
          {rule.field ? (
            <Text size="sm" flex={1}>
              {ruleText(rule)}
            </Text>
          ) : (
            <TextInput
              size="xs"
              flex={1}
              aria-label={t.filters}
              placeholder={t.filterHint}
              styles={MONO}
              value={rule.sql ?? ""}
              onChange={(event) => {
                const sql = event.currentTarget.value;
                onChange({ filters: filters.map((one, at) => (at === index ? { sql } : one)) });
              }}
            />
          )}
          <Remove
            what={t.filters}
            onClick={() => onChange({ filters: filters.filter((_, at) => at !== index) })}
          />
        </Group>
      ))}
      <Add label={t.addFilter} onClick={() => onChange({ filters: [...filters, { sql: "" }] })} />
    </Input.Wrapper>
  );
}

function Add({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button mt={6} size="compact-xs" variant="subtle" leftSection={<IconPlus size={13} />} onClick={onClick}>
      {label}
    </Button>
  );
}

function Remove({ what, onClick }: { what: string; onClick: () => void }) {
  const t = useMetricText();
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={t.remove(what)} onClick={onClick}>
      <IconX size={16} />
    </ActionIcon>
  );
}
