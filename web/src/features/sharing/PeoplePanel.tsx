/** People and teams that see the dashboard, what each may do, and who else of the tenant sees it. */

import { ActionIcon, Alert, Button, Group, Input, Select, Skeleton, Text } from "@mantine/core";
import { IconUsersGroup, IconWorld, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { meQuery } from "@/api/queries/auth";
import { audienceQuery } from "@/api/queries/sharing";
import type { Audience, Dashboard, Shared } from "@/api/types";
import { Choice } from "@/ui/Choice";
import { confirmDanger } from "@/ui/confirm";
import { ErrorNote } from "@/ui/ErrorNote";
import { Initials } from "@/ui/Initials";
import { type Found, PeoplePicker } from "@/ui/PeoplePicker";
import { toastUndo } from "@/ui/toast";
import classes from "./sharing.module.css";
import { useSharingText } from "./text";
import { useAudience } from "./useAudience";

interface Props {
  dashboard: Dashboard;
  isPublic: boolean;
  onLink: () => void;
}

export function PeoplePanel({ dashboard, isPublic, onLink }: Props) {
  const t = useSharingText();
  const { data, error, refetch } = useQuery(audienceQuery(dashboard.id));
  if (!data) return error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Skeleton h={220} />;
  return (
    <>
      <SharedList dashboard={dashboard} audience={data} />
      <AudienceChoice dashboard={dashboard} audience={data} />
      {isPublic && (
        <Alert color="yellow" icon={<IconWorld size={18} />} mt="md">
          <Group justify="space-between" gap="sm">
            <Text size="sm" className={classes.why}>
              {t.alsoPublic}
            </Text>
            <Button size="xs" variant="default" onClick={onLink}>
              {t.showLink}
            </Button>
          </Group>
        </Alert>
      )}
      <Text size="xs" c="dimmed" mt="md">
        {t.holdsAtOnce}
      </Text>
    </>
  );
}

interface PartProps {
  dashboard: Dashboard;
  audience: Audience;
}

function SharedList({ dashboard, audience }: PartProps) {
  const t = useSharingText();
  const change = useAudience(dashboard.id);
  const shared = audience.shared_with;
  const replace = (list: Shared[]) => change.mutate({ shared_with: list });
  const add = (found: Found) => replace([...shared, { ...found, permission: "view" }]);
  const remove = (one: Shared) => {
    change.mutate(
      { shared_with: shared.filter(({ id }) => id !== one.id) },
      { onSuccess: (after) => toastUndo(t.takenBack(one.name), () => replace([...after.shared_with, one])) },
    );
  };
  return (
    <>
      <PeoplePicker
        label={t.addPeople}
        placeholder={t.searchPeople}
        withTeams
        without={[dashboard.user_id ?? "", ...shared.map((one) => one.id)]}
        onFound={add}
      />
      <ul className={classes.snapshots}>
        <li className={classes.snapshot}>
          <Who name={dashboard.owner_name} kind="user" />
          <Text size="sm" c="dimmed">
            {t.owner}
          </Text>
        </li>
        {shared.map((one) => (
          <li key={one.id} className={classes.snapshot}>
            <Who name={one.name} kind={one.kind} />
            <Group gap={4} wrap="nowrap">
              <Select
                aria-label={t.permissionOf(one.name)}
                size="xs"
                w={116}
                allowDeselect={false}
                data={permissionsOf(one).map((value) => ({ value, label: t.permissions[value] }))}
                value={one.permission}
                onChange={(permission) =>
                  permission &&
                  permission !== one.permission &&
                  replace(shared.map((other) => (other.id === one.id ? { ...one, permission } : other)))
                }
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label={t.takeBack(one.name)}
                onClick={() => remove(one)}
              >
                <IconX size={16} />
              </ActionIcon>
            </Group>
          </li>
        ))}
      </ul>
      {shared.length === 0 && (
        <Text size="sm" c="dimmed" mt={8}>
          {t.nobodyElse}
        </Text>
      )}
    </>
  );
}

/** What can be chosen; the right of an owner is shown where somebody has it, and given elsewhere. */
function permissionsOf({ permission }: Shared): Shared["permission"][] {
  return permission === "own" ? ["view", "edit", "own"] : ["view", "edit"];
}

function Who({ name, kind }: Pick<Shared, "name" | "kind">) {
  const t = useSharingText();
  return (
    <Group gap="sm" wrap="nowrap" style={SHRINKS}>
      {kind === "team" ? (
        <span className={classes.teamIcon}>
          <IconUsersGroup size={17} stroke={1.7} />
        </span>
      ) : (
        <Initials name={name} />
      )}
      <div style={SHRINKS}>
        <Text size="sm" fw={560} style={{ overflowWrap: "anywhere" }}>
          {name}
        </Text>
        {kind === "team" && (
          <Text size="xs" c="dimmed">
            {t.team}
          </Text>
        )}
      </div>
    </Group>
  );
}

const SHRINKS = { minWidth: 0 };
const AUDIENCES = ["private", "team", "tenant"] as const;

/** `public` is everybody of the tenant, and the link, which has a place of its own. */
function AudienceChoice({ dashboard, audience }: PartProps) {
  const t = useSharingText();
  const { data: me } = useQuery(meQuery);
  const change = useAudience(dashboard.id);
  const current = audience.visibility === "public" ? "tenant" : audience.visibility;
  const labels = {
    private: t.audiences.private,
    team: t.audiences.team(dashboard.owner_name),
    tenant: t.audiences.tenant,
  };
  const whys = { ...t.audienceWhy, tenant: t.audienceWhy.tenant(me?.tenant_name ?? "") };
  const choose = (visibility: (typeof AUDIENCES)[number]) => {
    if (visibility === current) return;
    if (audience.visibility !== "public") return change.mutate({ visibility });
    confirmDanger({
      title: t.publicOffTitle,
      message: t.publicOffWhy,
      confirm: t.publicOff,
      onConfirm: () => change.mutate({ visibility }),
    });
  };
  return (
    <Input.Wrapper label={t.audience} labelElement="div" mt="lg" role="radiogroup" aria-label={t.audience}>
      {AUDIENCES.map((one) => (
        <Choice
          key={one}
          type="radio"
          name="audience"
          checked={current === one}
          onChange={() => choose(one)}
          aria-label={labels[one]}
        >
          <div>
            <Text size="sm">{labels[one]}</Text>
            <Text size="xs" c="dimmed">
              {whys[one]}
            </Text>
          </div>
        </Choice>
      ))}
    </Input.Wrapper>
  );
}
