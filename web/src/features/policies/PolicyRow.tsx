/** One policy in the list: what it says, whom it binds, and whether it holds. */

import { ActionIcon, Badge, Group, Menu, Switch, Text } from "@mantine/core";
import { IconDots, IconPencil, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { keys } from "@/api/keys";
import { deletePolicy, type Policy, updatePolicy } from "@/api/queries/policies";
import { useCommon } from "@/i18n/common";
import { confirmDanger } from "@/ui/confirm";
import { toastError, toastUndo } from "@/ui/toast";
import { usePolicyText } from "./text";

interface Props {
  policy: Policy;
  teams: readonly { id: string; name: string }[];
  onEdit: () => void;
}

export function PolicyRow({ policy, teams, onEdit }: Props) {
  const common = useCommon();
  const t = usePolicyText();
  const client = useQueryClient();
  const changed = () => client.invalidateQueries({ queryKey: keys.policies });
  const turn = useMutation({
    mutationFn: (on: boolean) => updatePolicy(policy, { is_enabled: on }),
    onSuccess: async (saved) => {
      await changed();
      if (!saved.is_enabled) toastUndo(t.wasTurnedOff(policy.name), () => turnOn(saved));
    },
    onError: toastError,
  });
  const turnOn = (saved: Policy) => {
    updatePolicy(saved, { is_enabled: true }).then(changed, toastError);
  };
  const remove = useMutation({
    mutationFn: () => deletePolicy(policy.id),
    onSuccess: changed,
    onError: toastError,
  });
  const ask = () =>
    confirmDanger({
      title: t.removeTitle(policy.name),
      message: t.removeWhy,
      onConfirm: () => remove.mutate(),
    });
  const masked = Object.keys(policy.masks).length;
  return (
    <Group
      wrap="nowrap"
      align="flex-start"
      justify="space-between"
      gap="sm"
      py="sm"
      style={{ borderTop: "1px solid var(--t-line)" }}
      data-policy={policy.name}
    >
      <div style={{ minWidth: 0, opacity: policy.is_enabled ? 1 : 0.6 }}>
        <Group gap={8}>
          <Text size="sm" fw={560}>
            {policy.name}
          </Text>
          {!policy.is_enabled && (
            <Badge size="sm" color="gray" variant="light" tt="none">
              {t.disabled}
            </Badge>
          )}
        </Group>
        <Text size="sm" mt={2} style={{ overflowWrap: "anywhere" }}>
          <b style={{ fontWeight: 560 }}>{[policy.schema, policy.table].filter(Boolean).join(".")}</b>
          {": "}
          {policy.predicate ? (
            <code style={{ color: "var(--t-muted)", fontSize: 13 }}>{policy.predicate}</code>
          ) : (
            t.allRows
          )}
        </Text>
        <Group gap={6} mt={6}>
          {bound(policy, teams, t).map((word) => (
            <Badge key={word} size="sm" variant="light" tt="none" fw={500}>
              {word}
            </Badge>
          ))}
          {masked > 0 && (
            <Badge size="sm" variant="light" color="yellow" tt="none" fw={500}>
              {t.maskCount(masked)}
            </Badge>
          )}
        </Group>
      </div>
      <Group gap="xs" wrap="nowrap">
        <Switch
          aria-label={t.turn(policy.name)}
          checked={policy.is_enabled}
          disabled={turn.isPending}
          onChange={(event) => turn.mutate(event.currentTarget.checked)}
        />
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={`${common.more}: ${policy.name}`}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={16} />} onClick={onEdit}>
              {common.edit}
            </Menu.Item>
            <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={ask}>
              {common.delete}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
    </Group>
  );
}

/** Whom the policy binds, in words. */
export function bound(
  policy: Pick<Policy, "roles" | "team_ids">,
  teams: readonly { id: string; name: string }[],
  t: ReturnType<typeof usePolicyText>,
): string[] {
  const words = [
    ...policy.roles.map((role) => t.roles[role]),
    ...policy.team_ids.map((id) => teams.find((team) => team.id === id)?.name ?? t.unknownTeam),
  ];
  return words.length > 0 ? [...new Set(words)] : [t.everybody];
}
