/** The person's conversations about this dashboard, the latest first. */

import { Group, Loader, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ago } from "@/lib/time";
import { confirmDanger } from "@/ui/confirm";
import { ErrorNote } from "@/ui/ErrorNote";
import { IconButton } from "@/ui/IconButton";
import { toastError } from "@/ui/toast";
import { type Conversation, conversationsOf, deleteConversation } from "./talk";
import { useQaText } from "./text";
import { conversationsKey } from "./useConversation";

interface Props {
  dashboardId: string;
  current: string | null;
  onOpen: (id: string) => void;
  onGone: (id: string) => void;
}

const LINE = { flex: 1, minWidth: 0, padding: "8px 10px", borderRadius: 8 } as const;

export function Past({ dashboardId, current, onOpen, onGone }: Props) {
  const t = useQaText();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: conversationsKey(dashboardId),
    queryFn: ({ signal }) => conversationsOf(dashboardId, signal),
  });
  if (error) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loader size={16} />;
  // Those without a title were stopped before their first answer.
  const told = data.filter((one) => one.title !== "");
  const remove = (one: Conversation) =>
    confirmDanger({
      title: t.removeTitle,
      message: t.removeBody(one.title),
      confirm: t.removeLabel,
      onConfirm: () => {
        deleteConversation(one.id)
          .then(() => {
            onGone(one.id);
            return client.invalidateQueries({ queryKey: conversationsKey(dashboardId) });
          })
          .catch(toastError);
      },
    });
  if (told.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t.none}
      </Text>
    );
  return (
    <Stack gap={2} component="ul" aria-label={t.history} m={0} p={0} style={{ listStyle: "none" }}>
      {told.map((one) => (
        <Group key={one.id} component="li" gap={4} wrap="nowrap">
          <UnstyledButton
            style={{ ...LINE, background: one.id === current ? "var(--t-accent-soft)" : undefined }}
            aria-current={one.id === current || undefined}
            onClick={() => onOpen(one.id)}
          >
            <Text size="sm" truncate>
              {one.title}
            </Text>
            <Text size="xs" c="dimmed">
              {ago(one.updated_at, Date.now())}
            </Text>
          </UnstyledButton>
          <IconButton label={t.remove(one.title)} look="bare" tip="none" onClick={() => remove(one)}>
            <IconTrash size={16} />
          </IconButton>
        </Group>
      ))}
    </Stack>
  );
}
