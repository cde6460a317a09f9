/** Keys for scripts: make one, see when it was last used, revoke it. */

import { Alert, Button, Group, Skeleton, Stack, Table, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { keys } from "@/api/keys";
import { apiKeysQuery, createApiKey, deleteApiKey } from "@/api/queries/auth";
import type { ApiKey } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { useNow } from "@/lib/hooks";
import { ago, exactly } from "@/lib/time";
import { CopyField } from "@/ui/CopyField";
import { confirmDanger } from "@/ui/confirm";
import { ErrorNote } from "@/ui/ErrorNote";
import { toastError } from "@/ui/toast";
import { useAuthText } from "./text";

export function ApiKeys() {
  const t = useAuthText();
  const client = useQueryClient();
  const list = useQuery(apiKeysQuery);
  const [name, setName] = useState("");
  const again = () => client.invalidateQueries({ queryKey: keys.apiKeys });
  const create = useMutation({
    mutationFn: createApiKey,
    onSuccess: () => {
      setName("");
      return again();
    },
  });
  const revoke = useMutation({ mutationFn: deleteApiKey, onSuccess: again, onError: toastError });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) create.mutate(name.trim());
  };
  const askRevoke = (key: ApiKey) =>
    confirmDanger({
      title: t.revoke,
      message: t.revokeWhy(key.name),
      confirm: t.revoke,
      onConfirm: () => revoke.mutate(key.id),
    });

  return (
    <Stack gap="md">
      <form onSubmit={submit}>
        <Group align="flex-end" gap="xs">
          <TextInput
            style={{ flex: 1 }}
            label={t.keyName}
            placeholder={t.keyNamePlaceholder}
            value={name}
            maxLength={100}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={create.isPending} disabled={!name.trim()}>
            {t.newKey}
          </Button>
        </Group>
      </form>
      {create.isError && <ErrorNote error={create.error} />}
      {create.data && (
        <Alert color="tesela" variant="light" title={t.keyOnce}>
          <CopyField label={t.yourKey} value={create.data.key} />
        </Alert>
      )}
      {list.isPending && <Skeleton h={72} />}
      {list.isError && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {list.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          {t.noKeys}
        </Text>
      )}
      {list.data && list.data.length > 0 && <KeyTable list={list.data} onRevoke={askRevoke} />}
    </Stack>
  );
}

function KeyTable({ list, onRevoke }: { list: ApiKey[]; onRevoke: (key: ApiKey) => void }) {
  const t = useAuthText();
  const common = useCommon();
  const now = useNow(60_000);
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{common.name}</Table.Th>
            <Table.Th>{t.created}</Table.Th>
            <Table.Th>{t.lastUsed}</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {list.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td fw={540}>{key.name}</Table.Td>
              <Table.Td title={exactly(key.created_at)}>{ago(key.created_at, now)}</Table.Td>
              <Table.Td title={exactly(key.last_used_at)}>
                {ago(key.last_used_at, now) || common.never}
              </Table.Td>
              <Table.Td ta="right">
                <Button size="compact-sm" variant="subtle" color="red" onClick={() => onRevoke(key)}>
                  {t.revoke}
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
