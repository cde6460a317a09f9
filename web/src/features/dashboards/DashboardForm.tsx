/** The form of a dashboard's name and details: for a new one, or for one that is there. */

import { Button, Group, Loader, Modal, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { createDashboard, dashboardChanged, dashboardQuery, updateDashboard } from "@/api/queries/dashboards";
import { workspacesQuery } from "@/api/queries/people";
import type { Dashboard } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { ErrorNote } from "@/ui/ErrorNote";
import { useDashboardText } from "./text";

interface Props {
  opened: boolean;
  onClose: () => void;
  onSaved: (dashboard: Dashboard) => void;
  /** Absent: a new dashboard. */
  dashboardId?: string;
  workspaceId?: string;
}

export function DashboardForm({ opened, onClose, onSaved, dashboardId, workspaceId }: Props) {
  const common = useCommon();
  const t = useDashboardText();
  const current = useQuery({
    ...dashboardQuery(dashboardId ?? ""),
    enabled: opened && dashboardId !== undefined,
  });
  return (
    <Modal opened={opened} onClose={onClose} title={dashboardId ? t.rename : common.newDashboard} size="md">
      {current.isError && <ErrorNote error={current.error} onRetry={() => current.refetch()} />}
      {dashboardId && current.isPending && <Loader size="sm" />}
      {(!dashboardId || current.data) && (
        <Fields current={current.data} onClose={onClose} onSaved={onSaved} workspaceId={workspaceId} />
      )}
    </Modal>
  );
}

const INTERVALS = [30, 60, 300, 900, 1800, 3600, 21_600, 86_400];

interface FieldsProps extends Pick<Props, "onClose" | "onSaved" | "workspaceId"> {
  current?: Dashboard;
}

function Fields({ current, onClose, onSaved, workspaceId }: FieldsProps) {
  const common = useCommon();
  const t = useDashboardText();
  const client = useQueryClient();
  const { data: workspaces = [] } = useQuery(workspacesQuery);
  const [name, setName] = useState(current?.name ?? "");
  const [description, setDescription] = useState(current?.description ?? "");
  const [workspace, setWorkspace] = useState<string | null>(current?.workspace_id ?? workspaceId ?? null);
  const [interval, setInterval] = useState<number | null>(current?.refresh_interval_seconds ?? null);
  const intervals =
    interval && !INTERVALS.includes(interval) ? [...INTERVALS, interval].sort((a, b) => a - b) : INTERVALS;

  const save = useMutation({
    mutationFn: () => {
      const body = {
        name: name.trim(),
        description: description.trim() || null,
        workspace_id: workspace,
        refresh_interval_seconds: interval,
      };
      return current ? updateDashboard(current.id, body, current.version) : createDashboard(body);
    },
    onSuccess: async (dashboard) => {
      await dashboardChanged(client);
      onSaved(dashboard);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) save.mutate();
  };

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {save.isError && <ErrorNote error={save.error} />}
        <TextInput
          label={common.name}
          placeholder={t.nameHint}
          data-autofocus
          required
          withAsterisk={false}
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label={common.description}
          placeholder={t.descriptionHint}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={2000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Group grow align="flex-start">
          <Select
            label={t.workspace}
            placeholder={t.noWorkspace}
            clearable
            disabled={workspaces.length === 0}
            data={workspaces.map((one) => ({ value: one.id, label: one.name }))}
            value={workspace}
            onChange={setWorkspace}
          />
          <Select
            label={t.refreshEvery}
            placeholder={t.refreshNever}
            clearable
            data={intervals.map((seconds) => ({ value: String(seconds), label: t.refreshSeconds(seconds) }))}
            value={interval ? String(interval) : null}
            onChange={(value) => setInterval(value ? Number(value) : null)}
          />
        </Group>
        <Group justify="flex-end" gap="xs" mt="xs">
          <Button variant="subtle" color="gray" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={!name.trim()}>
            {current ? common.save : common.create}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
