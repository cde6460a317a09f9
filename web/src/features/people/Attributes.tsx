/** What row policies know of a person: names, each with a text or a list of texts. */

import { ActionIcon, Button, Group, Modal, Select, Stack, TagsInput, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { keys } from "@/api/keys";
import { updateUser } from "@/api/queries/people";
import type { User } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { ErrorNote } from "@/ui/ErrorNote";
import { toast } from "@/ui/toast";
import { usePeopleText } from "./text";

interface Row {
  id: number;
  name: string;
  value: string | string[];
}

export function Attributes({ person, onClose }: { person: User; onClose: () => void }) {
  const common = useCommon();
  const t = usePeopleText();
  const client = useQueryClient();
  const [rows, setRows] = useState<readonly Row[]>(() => rowsOf(person.attributes));
  const shown = person.name || person.email;
  const save = useMutation({
    mutationFn: () => updateUser(person.id, { attributes: attributesOf(rows) }),
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.users }),
        client.invalidateQueries({ queryKey: keys.policies }),
      ]);
      toast({ message: t.attributesSaved(shown), kind: "good" });
      onClose();
    },
  });
  const set = (id: number, change: Partial<Row>) =>
    setRows(rows.map((one) => (one.id === id ? { ...one, ...change } : one)));
  const add = () =>
    setRows([...rows, { id: Math.max(-1, ...rows.map((one) => one.id)) + 1, name: "", value: "" }]);
  const double = doubled(rows);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (double === null) save.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={t.attributesOf(shown)} size="lg">
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {t.attributesWhy}
          </Text>
          {person.issuer && (
            <Text size="sm" c="var(--t-warn)">
              {t.attributesIssued(person.issuer)}
            </Text>
          )}
          {save.isError && <ErrorNote error={save.error} />}
          {rows.map((row) => (
            <Group key={row.id} gap="xs" align="flex-start">
              <TextInput
                flex="1 1 140px"
                aria-label={t.attribute}
                placeholder={t.attributeHint}
                maxLength={64}
                data-autofocus={row.name === "" || undefined}
                error={double !== null && row.name.trim() === double ? t.attributeTwice : undefined}
                value={row.name}
                onChange={(event) => set(row.id, { name: event.currentTarget.value })}
              />
              <Select
                w={110}
                aria-label={t.attributeKind(row.name)}
                data={[
                  { value: "text", label: t.oneText },
                  { value: "list", label: t.aList },
                ]}
                value={Array.isArray(row.value) ? "list" : "text"}
                onChange={(kind) =>
                  set(row.id, { value: kind === "list" ? listed(row.value) : joined(row.value) })
                }
                allowDeselect={false}
              />
              {Array.isArray(row.value) ? (
                <TagsInput
                  flex="2 1 180px"
                  aria-label={t.attributeValue(row.name)}
                  placeholder={row.value.length === 0 ? t.listHint : undefined}
                  value={row.value}
                  onChange={(value) => set(row.id, { value })}
                />
              ) : (
                <TextInput
                  flex="2 1 180px"
                  aria-label={t.attributeValue(row.name)}
                  placeholder={t.value}
                  maxLength={1000}
                  value={row.value}
                  onChange={(event) => set(row.id, { value: event.currentTarget.value })}
                />
              )}
              <ActionIcon
                variant="subtle"
                color="gray"
                size={36}
                aria-label={t.removeAttribute(row.name)}
                onClick={() => setRows(rows.filter(({ id }) => id !== row.id))}
              >
                <IconX size={16} />
              </ActionIcon>
            </Group>
          ))}
          <div>
            <Button size="xs" variant="subtle" leftSection={<IconPlus size={14} />} onClick={add}>
              {t.addAttribute}
            </Button>
          </div>
          <Group justify="flex-end" gap="xs">
            <Button variant="subtle" color="gray" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={double !== null}>
              {common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function rowsOf(attributes: User["attributes"]): Row[] {
  const rows = Object.entries(attributes).map(([name, value], id) => ({ id, name, value }));
  return rows.length > 0 ? rows : [{ id: 0, name: "", value: "" }];
}

/** What is sent: rows without a name say nothing. */
function attributesOf(rows: readonly Row[]): User["attributes"] {
  return Object.fromEntries(
    rows.filter(({ name }) => name.trim() !== "").map(({ name, value }) => [name.trim(), value]),
  );
}

/** A name that two rows have. */
function doubled(rows: readonly Row[]): string | null {
  const names = rows.map(({ name }) => name.trim()).filter((name) => name !== "");
  return names.find((name, index) => names.indexOf(name) !== index) ?? null;
}

function listed(value: Row["value"]): string[] {
  return Array.isArray(value)
    ? value
    : value
        .split(",")
        .map((one) => one.trim())
        .filter(Boolean);
}

function joined(value: Row["value"]): string {
  return Array.isArray(value) ? value.join(", ") : value;
}
