/** What is aggregated over which rows, by what it may be split, and which rows never count. */

import {
  Autocomplete,
  Group,
  Input,
  MultiSelect,
  SegmentedControl,
  Select,
  Stack,
  Textarea,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { datasourcesQuery, schemaQuery } from "@/api/queries/datasources";
import { GRAINS, type Grain } from "@/api/queries/metrics";
import { addressOf, findTable, tablesOf } from "@/api/tables";
import { Dimensions } from "./Dimensions";
import type { MetricDraft } from "./draft";
import { Filters, Joins } from "./Lists";
import { MONO } from "./looks";
import { useMetricText } from "./text";

interface Props {
  draft: MetricDraft;
  onChange: (changes: Partial<MetricDraft>) => void;
}

export function RowFields({ draft, onChange }: Props) {
  const t = useMetricText();
  const { data: sources = [] } = useQuery(datasourcesQuery);
  const { data: catalog } = useQuery({
    ...schemaQuery(draft.datasource_id ?? ""),
    enabled: draft.datasource_id !== null,
  });
  const tables = useMemo(() => tablesOf(catalog), [catalog]);
  const table = findTable(tables, draft);
  const columns = table?.columns.map((column) => column.name) ?? [];
  const isQuery = draft.sql !== null;
  const choose = (key: string | null) => {
    const chosen = tables.find((one) => one.key === key);
    if (!chosen) return;
    const moment = chosen.columns.find((column) => /date|timestamp/i.test(column.type))?.name ?? null;
    onChange({ ...addressOf(chosen), sql: null, time_column: moment });
  };
  return (
    <Stack gap="md">
      <Group grow align="flex-start">
        <Select
          label={t.datasource}
          data={sources.map((one) => ({ value: one.id, label: one.name, disabled: !one.can_use }))}
          value={draft.datasource_id}
          onChange={(datasource_id) => onChange({ datasource_id, table: null, schema: null, catalog: null })}
          allowDeselect={false}
          searchable
        />
        <Input.Wrapper label={t.baseKind} labelElement="div">
          <SegmentedControl
            fullWidth
            aria-label={t.baseKind}
            value={isQuery ? "query" : "table"}
            onChange={(kind) =>
              onChange(
                kind === "query" ? { sql: "", table: null, schema: null, catalog: null } : { sql: null },
              )
            }
            data={[
              { value: "table", label: t.tableKind },
              { value: "query", label: t.queryKind },
            ]}
          />
        </Input.Wrapper>
      </Group>
      {isQuery ? (
        <Textarea
          label={t.query}
          autosize
          minRows={4}
          spellCheck={false}
          styles={MONO}
          value={draft.sql ?? ""}
          onChange={(event) => onChange({ sql: event.currentTarget.value })}
        />
      ) : (
        <Select
          label={t.table}
          data={tables.map((one) => ({ value: one.key, label: one.label }))}
          value={table?.key ?? null}
          placeholder={draft.table ?? undefined}
          onChange={choose}
          allowDeselect={false}
          searchable
        />
      )}
      <Textarea
        label={t.expression}
        description={t.expressionWhy}
        placeholder={t.expressionHint}
        required
        withAsterisk={false}
        autosize
        minRows={1}
        spellCheck={false}
        styles={MONO}
        value={draft.expression ?? ""}
        onChange={(event) => onChange({ expression: event.currentTarget.value })}
      />
      <Group align="flex-start">
        <Autocomplete
          flex="1 1 180px"
          label={t.timeColumn}
          placeholder={t.noTime}
          data={columns}
          limit={50}
          value={draft.time_column ?? ""}
          onChange={(time_column) => onChange({ time_column })}
        />
        <MultiSelect
          flex="2 1 260px"
          label={t.grains}
          data={GRAINS.map((grain) => ({ value: grain, label: t.grain[grain] }))}
          value={draft.grains}
          onChange={(grains) => onChange({ grains: GRAINS.filter((one) => grains.includes(one)) as Grain[] })}
        />
      </Group>
      <Dimensions draft={draft} columns={columns} tables={tables} onChange={onChange} />
      <Joins draft={draft} tables={tables} onChange={onChange} />
      <Filters draft={draft} onChange={onChange} />
    </Stack>
  );
}
