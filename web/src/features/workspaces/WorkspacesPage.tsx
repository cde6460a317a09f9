/** Workspaces: made, renamed, deleted. */

import {
  ActionIcon,
  Button,
  Group,
  Menu,
  Modal,
  Skeleton,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconDots, IconFolderPlus, IconFolders, IconPencil, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { keys } from "@/api/keys";
import { meQuery } from "@/api/queries/auth";
import { createWorkspace, deleteWorkspace, updateWorkspace, workspacesQuery } from "@/api/queries/people";
import type { Workspace } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { confirmDanger } from "@/ui/confirm";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageFrame } from "@/ui/PageFrame";
import { Section } from "@/ui/Section";
import { toastError } from "@/ui/toast";
import { useWorkspaceText } from "./text";

/** The workspace in the form; `new` for one that is not there yet. */
type Editing = Workspace | "new" | null;

export function WorkspacesPage() {
  const common = useCommon();
  const t = useWorkspaceText();
  const list = useQuery(workspacesQuery);
  const { data: me } = useQuery(meQuery);
  const [editing, setEditing] = useState<Editing>(null);
  const mayAdd = me?.role !== "viewer";
  const close = () => setEditing(null);
  return (
    <PageFrame
      title={common.workspaces}
      subtitle={t.subtitle}
      width="narrow"
      actions={
        mayAdd && (
          <Button leftSection={<IconFolderPlus size={16} />} onClick={() => setEditing("new")}>
            {t.add}
          </Button>
        )
      }
    >
      {list.isError && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {list.isPending && <Skeleton h={180} radius="lg" />}
      {list.data?.length === 0 && (
        <EmptyState icon={<IconFolders size={30} />} title={t.none}>
          {t.noneWhy}
        </EmptyState>
      )}
      {list.data?.map((workspace) => (
        <WorkspaceCard
          key={workspace.id}
          workspace={workspace}
          mayEdit={me?.role === "admin" || workspace.created_by === me?.id}
          onEdit={() => setEditing(workspace)}
        />
      ))}
      <Modal opened={editing !== null} onClose={close} title={editing === "new" ? t.add : t.edit}>
        {editing && <WorkspaceForm current={editing === "new" ? null : editing} onDone={close} />}
      </Modal>
    </PageFrame>
  );
}

interface CardProps {
  workspace: Workspace;
  mayEdit: boolean;
  onEdit: () => void;
}

function WorkspaceCard({ workspace, mayEdit, onEdit }: CardProps) {
  const common = useCommon();
  const t = useWorkspaceText();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteWorkspace(workspace.id),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.workspaces }),
    onError: toastError,
  });
  const ask = () =>
    confirmDanger({
      title: t.removeTitle(workspace.name),
      message: t.removeWhy,
      onConfirm: () => remove.mutate(),
    });
  return (
    <Section
      title={workspace.name}
      subtitle={workspace.description}
      actions={
        mayEdit && (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={`${common.more}: ${workspace.name}`}>
                <IconDots size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPencil size={16} />} onClick={onEdit}>
                {t.edit}
              </Menu.Item>
              <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={ask}>
                {common.delete}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )
      }
    >
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {common.dashboardCount(workspace.dashboard_count)}
        </Text>
        <Link to="/dashboards" search={{ workspace: workspace.id }} className="t-link">
          {t.open}
        </Link>
      </Group>
    </Section>
  );
}

function WorkspaceForm({ current, onDone }: { current: Workspace | null; onDone: () => void }) {
  const common = useCommon();
  const t = useWorkspaceText();
  const client = useQueryClient();
  const [name, setName] = useState(current?.name ?? "");
  const [description, setDescription] = useState(current?.description ?? "");
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), description: description.trim() || null };
      return current ? updateWorkspace(current.id, body) : createWorkspace(body);
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.workspaces });
      onDone();
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
          label={`${common.description} (${common.optional})`}
          autosize
          minRows={2}
          maxLength={2000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="subtle" color="gray" onClick={onDone}>
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
