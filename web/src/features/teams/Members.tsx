/** Who is in a team. A change holds at once; taking somebody out can be undone. */

import { ActionIcon, Badge, Group, Skeleton, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { keys } from "@/api/keys";
import { addMember, removeMember, teamQuery } from "@/api/queries/teams";
import type { Member } from "@/api/types";
import { ErrorNote } from "@/ui/ErrorNote";
import { Initials } from "@/ui/Initials";
import { PeoplePicker } from "@/ui/PeoplePicker";
import { toastError, toastUndo } from "@/ui/toast";
import { useTeamText } from "./text";

export function Members({ teamId, mayEdit }: { teamId: string; mayEdit: boolean }) {
  const t = useTeamText();
  const client = useQueryClient();
  const { data: team, error, refetch } = useQuery(teamQuery(teamId));
  const changed = () => client.invalidateQueries({ queryKey: keys.teams });
  const add = useMutation({
    mutationFn: (userId: string) => addMember(teamId, userId),
    onSuccess: (after) => {
      client.setQueryData(keys.team(teamId), after);
      return changed();
    },
    onError: toastError,
  });
  const remove = useMutation({
    mutationFn: (member: Member) => removeMember(teamId, member.id),
    onSuccess: (_, member) => {
      toastUndo(t.removed(member.name, team?.name ?? ""), () => add.mutate(member.id));
      return changed();
    },
    onError: toastError,
  });
  if (error) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!team) return <Skeleton h={90} mt="md" />;
  return (
    <div style={{ marginTop: 16 }}>
      {team.members.length === 0 && (
        <Text size="sm" c="dimmed">
          {t.empty}
        </Text>
      )}
      <ul style={LIST}>
        {team.members.map((member) => (
          <li key={member.id} style={{ opacity: member.is_active ? 1 : 0.6 }}>
            <Group gap="sm" wrap="nowrap" py={6}>
              <Initials name={member.name || member.email || "?"} />
              <div style={GROWS}>
                <Text size="sm" fw={560}>
                  {member.name || member.email}
                </Text>
                <Text size="xs" c="dimmed">
                  {[member.name ? member.email : null, t.roles[member.role]].filter(Boolean).join(" · ")}
                </Text>
              </div>
              {!member.is_active && (
                <Badge size="xs" color="gray" variant="light">
                  {t.inactive}
                </Badge>
              )}
              {mayEdit && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  aria-label={t.remove(member.name)}
                  disabled={remove.isPending}
                  onClick={() => remove.mutate(member)}
                >
                  <IconX size={16} />
                </ActionIcon>
              )}
            </Group>
          </li>
        ))}
      </ul>
      {mayEdit && (
        <PeoplePicker
          label={t.addMember}
          placeholder={t.search}
          without={team.members.map((member) => member.id)}
          disabled={add.isPending}
          onFound={(found) => add.mutate(found.id)}
        />
      )}
    </div>
  );
}

const LIST = { margin: "0 0 12px", padding: 0, listStyle: "none" };
const GROWS = { flex: 1, minWidth: 0, overflowWrap: "anywhere" } as const;
