/** Teams: everybody sees them and who is in them; admins make, change and fill them. */

import { Button, Modal, Skeleton } from "@mantine/core";
import { IconUsersGroup, IconUsersPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery } from "@/api/queries/auth";
import { teamsQuery } from "@/api/queries/teams";
import type { Team } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageFrame } from "@/ui/PageFrame";
import { TeamCard } from "./TeamCard";
import { TeamForm } from "./TeamForm";
import { useTeamText } from "./text";

/** The team in the form; `new` for one that is not there yet. */
type Editing = Team | "new" | null;

export function TeamsPage() {
  const common = useCommon();
  const t = useTeamText();
  const list = useQuery(teamsQuery);
  const { data: me } = useQuery(meQuery);
  const [editing, setEditing] = useState<Editing>(null);
  const isAdmin = me?.role === "admin";
  const seesAll = me?.role !== "viewer";
  const close = () => setEditing(null);
  return (
    <PageFrame
      title={common.teams}
      subtitle={t.subtitle}
      width="narrow"
      actions={
        isAdmin && (
          <Button leftSection={<IconUsersPlus size={16} />} onClick={() => setEditing("new")}>
            {t.add}
          </Button>
        )
      }
    >
      {list.isError && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {list.isPending && <Skeleton h={180} radius="lg" />}
      {list.data?.length === 0 && (
        <EmptyState icon={<IconUsersGroup size={30} />} title={seesAll ? t.none : t.noneOfMine}>
          {isAdmin ? t.noneWhy : t.noneOfMineWhy}
        </EmptyState>
      )}
      {list.data?.map((team) => (
        <TeamCard key={team.id} team={team} mayEdit={isAdmin} onEdit={() => setEditing(team)} />
      ))}
      <Modal opened={editing !== null} onClose={close} title={editing === "new" ? t.add : t.edit}>
        {editing && <TeamForm current={editing === "new" ? null : editing} onDone={close} />}
      </Modal>
    </PageFrame>
  );
}
