/** One team, and its members when they are asked for. */

import { ActionIcon, Badge, Button, Group, Menu } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconDots, IconPencil, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { keys } from "@/api/keys";
import { deleteTeam } from "@/api/queries/teams";
import type { Team } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { confirmDanger } from "@/ui/confirm";
import { Section } from "@/ui/Section";
import { toastError } from "@/ui/toast";
import { Members } from "./Members";
import { useTeamText } from "./text";

interface Props {
  team: Team;
  mayEdit: boolean;
  onEdit: () => void;
}

export function TeamCard({ team, mayEdit, onEdit }: Props) {
  const common = useCommon();
  const t = useTeamText();
  const client = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const remove = useMutation({
    mutationFn: () => deleteTeam(team.id),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.teams }),
    onError: toastError,
  });
  const ask = () =>
    confirmDanger({
      title: t.deleteTitle(team.name),
      message: t.deleteWhy,
      onConfirm: () => remove.mutate(),
    });
  const Chevron = isOpen ? IconChevronUp : IconChevronDown;
  return (
    <Section
      title={team.name}
      subtitle={team.description}
      actions={
        mayEdit && (
          <Menu position="bottom-end" width={260}>
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={`${common.more}: ${team.name}`}>
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
      <Group gap="sm">
        <Button
          variant="default"
          size="xs"
          rightSection={<Chevron size={15} />}
          aria-expanded={isOpen}
          aria-label={`${isOpen ? t.hide : t.show}: ${team.name}`}
          onClick={() => setOpen(!isOpen)}
        >
          {t.members(team.member_count)}
        </Button>
        {team.is_member && (
          <Badge variant="light" size="sm">
            {t.mine}
          </Badge>
        )}
      </Group>
      {isOpen && <Members teamId={team.id} mayEdit={mayEdit} />}
    </Section>
  );
}
