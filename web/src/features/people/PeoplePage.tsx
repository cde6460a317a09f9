/** The people of the tenant, for admins: add, give a role, hand out a login link, deactivate. */

import { ActionIcon, Badge, Button, Group, Menu, Modal, Select, Skeleton, Table, Text } from "@mantine/core";
import { IconDots, IconId, IconLink, IconUserCheck, IconUserOff, IconUserPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { keys } from "@/api/keys";
import { meQuery } from "@/api/queries/auth";
import { createLoginLink, updateUser, usersQuery } from "@/api/queries/people";
import type { Role, User } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { useNow } from "@/lib/hooks";
import { ago, exactly } from "@/lib/time";
import { CopyField } from "@/ui/CopyField";
import { ErrorNote } from "@/ui/ErrorNote";
import { Initials } from "@/ui/Initials";
import { PageFrame } from "@/ui/PageFrame";
import { Section } from "@/ui/Section";
import { toastError, toastUndo } from "@/ui/toast";
import { PersonForm } from "./PersonForm";
import { usePeopleText } from "./text";

const Attributes = lazy(() => import("./Attributes").then((module) => ({ default: module.Attributes })));

interface FreshLink {
  url: string;
  name: string;
}

export function PeoplePage() {
  const common = useCommon();
  const t = usePeopleText();
  const list = useQuery(usersQuery);
  const [isAdding, setAdding] = useState(false);
  const [link, setLink] = useState<FreshLink | null>(null);
  return (
    <PageFrame
      title={common.people}
      subtitle={t.subtitle}
      actions={
        <Button leftSection={<IconUserPlus size={16} />} onClick={() => setAdding(true)}>
          {t.add}
        </Button>
      }
    >
      {list.isError && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {list.isPending && <Skeleton h={220} radius="lg" />}
      {list.data && <PeopleTable people={list.data} onLink={setLink} />}
      <Modal opened={isAdding} onClose={() => setAdding(false)} title={t.add}>
        <PersonForm onSaved={() => setAdding(false)} onCancel={() => setAdding(false)} />
      </Modal>
      <Modal opened={link !== null} onClose={() => setLink(null)} title={link && t.linkTitle(link.name)}>
        <Text size="sm" c="dimmed" mb="md">
          {t.linkWhy}
        </Text>
        {link && <CopyField label="URL" value={link.url} />}
      </Modal>
    </PageFrame>
  );
}

function PeopleTable({ people, onLink }: { people: User[]; onLink: (link: FreshLink) => void }) {
  const t = usePeopleText();
  const { data: me } = useQuery(meQuery);
  return (
    <Section>
      <Table.ScrollContainer minWidth={300}>
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.person}</Table.Th>
              <Table.Th w={130}>{t.role}</Table.Th>
              <Table.Th w={150} visibleFrom="sm">
                {t.lastLogin}
              </Table.Th>
              <Table.Th w={50} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {people.map((person) => (
              <PersonRow key={person.id} person={person} isMe={person.id === me?.id} onLink={onLink} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}

interface RowProps {
  person: User;
  isMe: boolean;
  onLink: (link: FreshLink) => void;
}

function PersonRow({ person, isMe, onLink }: RowProps) {
  const common = useCommon();
  const t = usePeopleText();
  const client = useQueryClient();
  const now = useNow(60_000);
  const [isDescribing, setDescribing] = useState(false);
  const name = person.name || person.email;
  const change = useMutation({
    mutationFn: (body: { role?: Role; is_active?: boolean }) => updateUser(person.id, body),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.users }),
    onError: toastError,
  });
  const makeLink = useMutation({
    mutationFn: () => createLoginLink(person.id),
    onSuccess: ({ url }) => onLink({ url, name }),
    onError: toastError,
  });
  const activate = () => change.mutate({ is_active: true });
  const deactivate = () =>
    change.mutate({ is_active: false }, { onSuccess: () => toastUndo(t.wasDeactivated(name), activate) });

  return (
    <Table.Tr style={{ opacity: person.is_active ? 1 : 0.6 }}>
      <Table.Td>
        <Group gap="sm" wrap="nowrap">
          <Initials name={name} />
          <div>
            <Text size="sm" fw={560}>
              {name}{" "}
              {isMe && (
                <Badge size="xs" variant="default">
                  {t.you}
                </Badge>
              )}{" "}
              {!person.is_active && (
                <Badge size="xs" color="gray" variant="light">
                  {t.inactive}
                </Badge>
              )}
            </Text>
            <Text size="xs" c="dimmed">
              {person.email}
            </Text>
            <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
              {said(person.attributes)}
            </Text>
          </div>
        </Group>
      </Table.Td>
      <Table.Td>
        {isMe ? (
          <Text size="sm">{t.roles[person.role]}</Text>
        ) : (
          <Select
            aria-label={`${t.role}: ${name}`}
            size="xs"
            allowDeselect={false}
            disabled={change.isPending}
            data={Object.entries(t.roles).map(([value, label]) => ({ value, label }))}
            value={person.role}
            onChange={(role) => role && role !== person.role && change.mutate({ role: role as Role })}
          />
        )}
      </Table.Td>
      <Table.Td title={exactly(person.last_login_at)} visibleFrom="sm">
        <Text size="sm">{ago(person.last_login_at, now) || common.never}</Text>
      </Table.Td>
      <Table.Td>
        <Menu position="bottom-end" width={230}>
          <Menu.Target>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`${common.more}: ${name}`}
              loading={makeLink.isPending}
            >
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<IconLink size={16} />}
              onClick={() => makeLink.mutate()}
              disabled={!person.is_active}
            >
              {t.loginLink}
            </Menu.Item>
            <Menu.Item leftSection={<IconId size={16} />} onClick={() => setDescribing(true)}>
              {t.attributes}
            </Menu.Item>
            {!isMe &&
              (person.is_active ? (
                <Menu.Item leftSection={<IconUserOff size={16} />} color="red" onClick={deactivate}>
                  {t.deactivate}
                </Menu.Item>
              ) : (
                <Menu.Item leftSection={<IconUserCheck size={16} />} onClick={activate}>
                  {t.activate}
                </Menu.Item>
              ))}
          </Menu.Dropdown>
        </Menu>
        <Suspense fallback={null}>
          {isDescribing && <Attributes person={person} onClose={() => setDescribing(false)} />}
        </Suspense>
      </Table.Td>
    </Table.Tr>
  );
}

/** `airlines: UA, B6`, as far as a line takes it. */
function said(attributes: User["attributes"]): string {
  const words = Object.entries(attributes).map(([name, value]) => `${name}: ${[value].flat().join(", ")}`);
  const line = words.join(" · ");
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
