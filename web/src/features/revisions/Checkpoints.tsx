/** States with a name: keep the present one, go back to one, forget a name. */

import { ActionIcon, Button, Group, Skeleton, Text, Textarea, TextInput } from "@mantine/core";
import { IconBookmarkPlus, IconGitCompare, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { keys } from "@/api/keys";
import { dashboardQuery } from "@/api/queries/dashboards";
import {
  checkpointsQuery,
  createCheckpoint,
  deleteCheckpoint,
  restoreCheckpoint,
} from "@/api/queries/revisions";
import type { Checkpoint } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { exactly } from "@/lib/time";
import { confirmDanger } from "@/ui/confirm";
import { ErrorNote } from "@/ui/ErrorNote";
import { toast, toastError } from "@/ui/toast";
import type { Pair } from "./Compared";
import type { Restoring } from "./HistoryPanel";
import classes from "./revisions.module.css";
import { useRevisionsText } from "./text";

interface Props {
  dashboardId: string;
  restoring: Restoring;
  onPair: (pair: Pair) => void;
}

export function Checkpoints({ dashboardId, restoring, onPair }: Props) {
  const t = useRevisionsText();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(checkpointsQuery(dashboardId));
  const { data: dashboard } = useQuery(dashboardQuery(dashboardId));
  const remove = useMutation({
    mutationFn: (checkpoint: Checkpoint) => deleteCheckpoint(dashboardId, checkpoint.id),
    onSuccess: (_, checkpoint) => {
      toast({ message: t.deletedNamed(checkpoint.name) });
      return client.invalidateQueries({ queryKey: keys.checkpoints(dashboardId) });
    },
    onError: toastError,
  });
  const restore = (checkpoint: Checkpoint) =>
    confirmDanger({
      title: t.restoreNamedTitle(checkpoint.name),
      message: t.restoreNamedWhy,
      confirm: t.restoreConfirm,
      isHarmless: true,
      onConfirm: () => {
        void restoring.run(
          () => restoreCheckpoint(dashboardId, checkpoint.id),
          t.restoredNamed(checkpoint.name),
          dashboard?.version,
        );
      },
    });
  const compare = (checkpoint: Checkpoint) => {
    if (!dashboard) return;
    const revision = {
      number: checkpoint.revision,
      sentence: checkpoint.name,
      created_at: checkpoint.created_at,
    };
    onPair({ kind: "one", revision, latest: { number: dashboard.version } });
  };
  return (
    <>
      <NewCheckpoint dashboardId={dashboardId} />
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton h={120} mt="md" />}
      {data?.length === 0 && (
        <Text size="sm" c="dimmed" mt="md">
          {t.noCheckpoints}
        </Text>
      )}
      <ul className={classes.checkpoints}>
        {data?.map((checkpoint) => (
          <Row
            key={checkpoint.id}
            checkpoint={checkpoint}
            isBusy={restoring.isRunning}
            onRestore={() => restore(checkpoint)}
            onCompare={() => compare(checkpoint)}
            onDelete={() => remove.mutate(checkpoint)}
          />
        ))}
      </ul>
    </>
  );
}

interface RowProps {
  checkpoint: Checkpoint;
  isBusy: boolean;
  onRestore: () => void;
  onCompare: () => void;
  onDelete: () => void;
}

function Row({ checkpoint, isBusy, onRestore, onCompare, onDelete }: RowProps) {
  const t = useRevisionsText();
  const { name, description, created_at, created_by_name } = checkpoint;
  return (
    <li className={classes.checkpoint}>
      <div className={classes.changeText}>
        <Text span fw={560} size="sm">
          {name}
        </Text>
        {description && (
          <Text span size="sm" className={classes.described}>
            {description}
          </Text>
        )}
        <span className={classes.facts}>{[exactly(created_at), created_by_name].join(" · ")}</span>
      </div>
      <Group gap={4} wrap="nowrap">
        <Button
          size="compact-sm"
          variant="default"
          onClick={onRestore}
          disabled={isBusy}
          aria-label={t.restoreNamed(name)}
        >
          {t.restoreCheckpoint}
        </Button>
        <Tool label={t.seeDifferences} onClick={onCompare}>
          <IconGitCompare size={16} />
        </Tool>
        <Tool label={t.deleteNamed(name)} onClick={onDelete}>
          <IconTrash size={16} />
        </Tool>
      </Group>
    </li>
  );
}

function Tool({
  label,
  onClick,
  children,
}: {
  label: string;
  onClick: () => void;
  children: React.ReactNode;
}) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={label} title={label} onClick={onClick}>
      {children}
    </ActionIcon>
  );
}

function NewCheckpoint({ dashboardId }: { dashboardId: string }) {
  const common = useCommon();
  const t = useRevisionsText();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const create = useMutation({
    mutationFn: () =>
      createCheckpoint(dashboardId, { name: name.trim(), description: description.trim() || undefined }),
    onSuccess: ({ name: kept }) => {
      toast({ message: t.kept(kept), kind: "good" });
      setName("");
      setDescription("");
      return client.invalidateQueries({ queryKey: keys.checkpoints(dashboardId) });
    },
    onError: toastError,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) create.mutate();
  };
  return (
    <form onSubmit={submit} className={classes.create} aria-label={t.newCheckpoint}>
      <Text size="sm" c="dimmed">
        {t.checkpointsWhy}
      </Text>
      <TextInput
        label={common.name}
        placeholder={t.nameHint}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={200}
      />
      <Textarea
        label={`${common.description} (${common.optional})`}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
        autosize
        minRows={1}
        maxRows={4}
        maxLength={2000}
      />
      <Group justify="flex-end">
        <Button
          type="submit"
          size="xs"
          leftSection={<IconBookmarkPlus size={16} />}
          disabled={!name.trim()}
          loading={create.isPending}
        >
          {t.saveCheckpoint}
        </Button>
      </Group>
    </form>
  );
}
