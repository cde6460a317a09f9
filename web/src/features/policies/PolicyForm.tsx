/** A policy while it is written: a table, a condition, whom it binds, what it hides; and beside it, what it leaves. */

import { Button, Group, Input, MultiSelect, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useMemo, useState } from "react";
import { keys } from "@/api/keys";
import { schemaQuery } from "@/api/queries/datasources";
import { teamNamesQuery } from "@/api/queries/directory";
import { createPolicy, type Policy, type PolicyInput, updatePolicy } from "@/api/queries/policies";
import { addressOf, findTable, tablesOf } from "@/api/tables";
import type { Datasource, Role } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { Choice } from "@/ui/Choice";
import { ErrorNote } from "@/ui/ErrorNote";
import { toast } from "@/ui/toast";
import { blank, tidied } from "./draft";
import { Masks } from "./Masks";
import { PolicyPreview } from "./PolicyPreview";
import { Predicate } from "./Predicate";
import { usePolicyText } from "./text";

const ROLES: Role[] = ["viewer", "editor", "admin"];

interface Props {
  current: Policy | null;
  /** The datasources that one owns. */
  sources: readonly Datasource[];
  /** Where a new one is for, when that is known. */
  datasourceId?: string;
  onDone: () => void;
}

export function PolicyForm({ current, sources, datasourceId, onDone }: Props) {
  const common = useCommon();
  const t = usePolicyText();
  const client = useQueryClient();
  const [draft, setDraft] = useState<PolicyInput>(() => current ?? blank(datasourceId ?? only(sources)));
  const change = (changes: Partial<PolicyInput>) => setDraft((old) => ({ ...old, ...changes }));
  const catalog = useQuery({ ...schemaQuery(draft.datasource_id), enabled: draft.datasource_id !== "" });
  const { data: teams = [] } = useQuery(teamNamesQuery);
  const tables = useMemo(() => tablesOf(catalog.data), [catalog.data]);
  const table = findTable(tables, draft);
  const save = useMutation({
    mutationFn: () => {
      const body = tidied(draft);
      if (!current) return createPolicy(body);
      const { datasource_id: _fixed, ...changes } = body;
      return updatePolicy(current, changes);
    },
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: keys.policies });
      if (saved.is_enabled) toast({ message: t.wasSaved(saved.name), kind: "good" });
      onDone();
    },
  });
  const isReady = draft.name.trim() !== "" && draft.datasource_id !== "" && draft.table !== "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) save.mutate();
  };
  const choose = (key: string | null) => {
    const chosen = tables.find((one) => one.key === key);
    if (chosen) change({ ...addressOf(chosen), masks: {} });
  };
  return (
    <form onSubmit={submit}>
      <div style={PANES}>
        <Stack gap="md" style={{ minWidth: 0 }}>
          {save.isError && <ErrorNote error={save.error} />}
          <TextInput
            label={common.name}
            placeholder={t.nameHint}
            data-autofocus={!current || undefined}
            maxLength={200}
            value={draft.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <Group grow align="flex-start">
            {!current && sources.length > 1 && (
              <Select
                label={t.datasource}
                data={sources.map((source) => ({ value: source.id, label: source.name }))}
                value={draft.datasource_id || null}
                onChange={(id) => id && setDraft({ ...draft, ...blank(id), name: draft.name })}
                allowDeselect={false}
                searchable
              />
            )}
            <Select
              label={t.table}
              placeholder={t.tableHint}
              data={
                table || !draft.table
                  ? tables.map((one) => ({ value: one.key, label: one.label }))
                  : [{ value: draft.table, label: draft.table }]
              }
              value={table?.key ?? (draft.table || null)}
              onChange={choose}
              disabled={draft.datasource_id === ""}
              allowDeselect={false}
              searchable
            />
          </Group>
          {catalog.isError && <ErrorNote error={catalog.error} onRetry={() => catalog.refetch()} />}
          <Predicate
            value={draft.predicate}
            onChange={(predicate) => change({ predicate })}
            columns={table?.columns.map((column) => column.name) ?? []}
          />
          <Input.Wrapper label={t.binds} description={t.bindsWhy} labelElement="div">
            <Group gap="lg" mt={4}>
              {ROLES.map((role) => (
                <Choice
                  key={role}
                  type="checkbox"
                  checked={draft.roles.includes(role)}
                  onChange={(event) =>
                    change({ roles: toggled(draft.roles, role, event.currentTarget.checked) })
                  }
                >
                  <Text size="sm">{t.roles[role]}</Text>
                </Choice>
              ))}
            </Group>
            {teams.length > 0 && (
              <MultiSelect
                aria-label={t.teams}
                placeholder={draft.team_ids.length === 0 ? t.teams : undefined}
                data={teams.map((team) => ({ value: team.id, label: team.name }))}
                value={draft.team_ids}
                onChange={(team_ids) => change({ team_ids })}
                searchable
                mt={4}
              />
            )}
          </Input.Wrapper>
          <Masks
            masks={draft.masks}
            onChange={(masks) => change({ masks })}
            columns={table?.columns.map((column) => column.name) ?? []}
          />
        </Stack>
        <PolicyPreview draft={draft} />
      </div>
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="subtle" color="gray" onClick={onDone}>
          {common.cancel}
        </Button>
        <Button type="submit" loading={save.isPending} disabled={!isReady}>
          {current ? common.save : common.create}
        </Button>
      </Group>
    </form>
  );
}

/** Side by side where there is room. */
const PANES = {
  display: "grid",
  gap: 28,
  gridTemplateColumns: "repeat(auto-fit, minmax(min(420px, 100%), 1fr))",
} as const;

function only(sources: readonly Datasource[]): string {
  const usual = sources.find((source) => source.is_default) ?? sources[0];
  return usual?.id ?? "";
}

function toggled<T>(list: readonly T[], item: T, isOn: boolean): T[] {
  const others = list.filter((one) => one !== item);
  return isOn ? [...others, item] : others;
}
