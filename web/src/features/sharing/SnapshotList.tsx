/** The snapshots of a dashboard: take one, see which are kept, delete one. */

import { ActionIcon, Badge, Button, Group, Skeleton, Text } from "@mantine/core";
import { IconCamera, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { keys } from "@/api/keys";
import { deleteSnapshot, snapshotsQuery, takeSnapshot } from "@/api/queries/sharing";
import type { Dashboard, Snapshot } from "@/api/types";
import { formatBytes, formatDuration } from "@/lib/format";
import { useNow } from "@/lib/hooks";
import { ago, exactly, toMillis } from "@/lib/time";
import { ErrorNote } from "@/ui/ErrorNote";
import { toast, toastError } from "@/ui/toast";
import classes from "./sharing.module.css";
import { useSharingText } from "./text";

interface Props {
  dashboard: Dashboard;
  isPublic: boolean;
}

export function SnapshotList({ dashboard, isPublic }: Props) {
  const t = useSharingText();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(snapshotsQuery(dashboard.id));
  const changed = () => client.invalidateQueries({ queryKey: keys.snapshots(dashboard.id) });
  const take = useMutation({
    mutationFn: () => takeSnapshot(dashboard.id),
    onSuccess: () => {
      toast({ message: t.taken, kind: "good" });
      return changed();
    },
    onError: toastError,
  });
  const remove = useMutation({
    mutationFn: (snapshot: Snapshot) => deleteSnapshot(dashboard.id, snapshot.id),
    onSuccess: () => {
      toast({ message: t.deleted });
      return changed();
    },
    onError: toastError,
  });
  return (
    <>
      <Group justify="space-between" align="flex-start" gap="sm" wrap="wrap">
        <Text size="sm" c="dimmed" className={classes.why}>
          {t.snapshotsWhy}
        </Text>
        <Button
          size="xs"
          leftSection={<IconCamera size={16} />}
          onClick={() => take.mutate()}
          loading={take.isPending}
        >
          {t.take}
        </Button>
      </Group>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton h={90} mt="md" />}
      {data?.length === 0 && (
        <Text size="sm" mt="md">
          {t.noSnapshots}
        </Text>
      )}
      {data && data.length > 0 && (
        <ul className={classes.snapshots}>
          {data.map((snapshot, at) => (
            <SnapshotRow
              key={snapshot.id}
              snapshot={snapshot}
              isLatest={at === 0}
              isNeeded={isPublic && data.length === 1}
              onDelete={() => remove.mutate(snapshot)}
            />
          ))}
        </ul>
      )}
    </>
  );
}

interface RowProps {
  snapshot: Snapshot;
  isLatest: boolean;
  /** The only one that guests can see. */
  isNeeded: boolean;
  onDelete: () => void;
}

function SnapshotRow({ snapshot, isLatest, isNeeded, onDelete }: RowProps) {
  const t = useSharingText();
  const now = useNow(30_000);
  const isOver = (toMillis(snapshot.expires_at) ?? 0) < now;
  const when = exactly(snapshot.created_at);
  return (
    <li className={classes.snapshot}>
      <div>
        <Text size="sm" fw={560} component="div" className={classes.snapshotWhen}>
          {when}
          {isLatest && (
            <Badge size="sm" variant="light">
              {t.latest}
            </Badge>
          )}
          {isOver && (
            <Badge size="sm" variant="light" color="yellow">
              {t.expired}
            </Badge>
          )}
        </Text>
        <Text size="xs" c="dimmed" className="tnum">
          {[
            ago(snapshot.created_at, now),
            t.triggers[snapshot.trigger_type],
            formatBytes(snapshot.size_bytes),
            formatDuration(snapshot.execution_time_ms),
            !isOver && t.keptUntil(exactly(snapshot.expires_at)),
          ]
            .filter(Boolean)
            .join(" · ")}
        </Text>
      </div>
      {!isNeeded && (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t.deleteSnapshot(when)}
          title={t.deleteSnapshot(when)}
          onClick={onDelete}
        >
          <IconTrash size={16} />
        </ActionIcon>
      )}
    </li>
  );
}
