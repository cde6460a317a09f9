/** The last step: a new dashboard with a name and a place, or one that exists gets what the file holds. */

import { Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { keys } from "@/api/keys";
import { importBundle, type Mapping } from "@/api/queries/bundles";
import { dashboardChanged, listDashboards } from "@/api/queries/dashboards";
import { workspacesQuery } from "@/api/queries/people";
import type { Dashboard } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { toast } from "@/ui/toast";
import { Refused } from "./Refused";
import { useBundlesText } from "./text";

interface Props {
  bundle: unknown;
  name: string;
  mapping: Mapping;
  target?: Pick<Dashboard, "id" | "name">;
  workspaceId?: string;
  onBack: () => void;
  onDone: (dashboard: Dashboard) => void;
}

export function FinishStep({ bundle, name: own, mapping, target, workspaceId, onBack, onDone }: Props) {
  const common = useCommon();
  const t = useBundlesText();
  const client = useQueryClient();
  const [mode, setMode] = useState<"create" | "update">(target ? "update" : "create");
  const [name, setName] = useState(target?.name ?? own);
  const [workspace, setWorkspace] = useState(workspaceId ?? null);
  const [over, setOver] = useState(target?.id ?? null);
  const { data: workspaces = [] } = useQuery({ ...workspacesQuery, enabled: mode === "create" });
  const run = useMutation({
    mutationFn: () =>
      importBundle({
        bundle,
        datasource_mapping: mapping,
        name: name.trim(),
        ...(mode === "create"
          ? { workspace_id: workspace ?? undefined }
          : { mode, dashboard_id: over ?? undefined }),
      }),
    onSuccess: async (dashboard) => {
      const said = mode === "create" ? t.imported : t.updated;
      toast({ message: said(dashboard.name), kind: "good" });
      await dashboardChanged(client);
      onDone(dashboard);
    },
  });
  const isReady = name.trim() !== "" && (mode === "create" || over !== null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) run.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {!target && (
          <Select
            label={t.into}
            data={[
              { value: "create", label: t.asNew },
              { value: "update", label: t.asUpdate },
            ]}
            value={mode}
            onChange={(value) => value && setMode(value as typeof mode)}
            allowDeselect={false}
          />
        )}
        {mode === "update" && !target && <TargetPicker value={over} onChange={setOver} />}
        <TextInput
          label={common.name}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={200}
          withAsterisk
        />
        {mode === "create" && workspaces.length > 0 && (
          <Select
            label={t.workspace}
            placeholder={t.noWorkspace}
            clearable
            data={workspaces.map((one) => ({ value: one.id, label: one.name }))}
            value={workspace}
            onChange={setWorkspace}
          />
        )}
        {mode === "update" && (
          <Text size="sm" c="dimmed">
            {t.updateWhy}
          </Text>
        )}
      </Stack>
      {run.error && <Refused error={run.error} />}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="subtle" color="gray" onClick={onBack} disabled={run.isPending}>
          {common.back}
        </Button>
        <Button type="submit" disabled={!isReady} loading={run.isPending}>
          {mode === "create" ? t.doImport : t.doUpdate}
        </Button>
      </Group>
    </form>
  );
}

const MOST = 100;

function TargetPicker({ value, onChange }: { value: string | null; onChange: (id: string | null) => void }) {
  const t = useBundlesText();
  const [search, setSearch] = useState("");
  const { data } = useQuery({
    queryKey: [...keys.dashboards, "picker", search],
    queryFn: ({ signal }) => listDashboards({ search: search || undefined }, 0, MOST, signal),
    placeholderData: keepPreviousData,
  });
  const choices = (data?.items ?? []).filter((one) => one.can_edit);
  return (
    <Select
      label={t.target}
      placeholder={t.pickTarget}
      data={choices.map((one) => ({ value: one.id, label: one.name }))}
      value={value}
      onChange={onChange}
      searchable
      onSearchChange={(text) => {
        if (!choices.some((one) => one.name === text)) setSearch(text);
      }}
    />
  );
}
