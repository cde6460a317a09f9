/** A new person: e-mail, name, role. */

import { Button, Group, Input, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { keys } from "@/api/keys";
import { createUser } from "@/api/queries/people";
import type { Role } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { Choice } from "@/ui/Choice";
import { ErrorNote } from "@/ui/ErrorNote";
import { usePeopleText } from "./text";

const ROLES: Role[] = ["viewer", "editor", "admin"];

export function PersonForm({ onSaved, onCancel }: { onSaved: () => void; onCancel: () => void }) {
  const common = useCommon();
  const t = usePeopleText();
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const save = useMutation({
    mutationFn: () => createUser({ email: email.trim(), name: name.trim() || undefined, role }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.users });
      onSaved();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {save.isError && <ErrorNote error={save.error} />}
        <TextInput
          label={t.email}
          placeholder={t.emailHint}
          type="email"
          required
          withAsterisk={false}
          data-autofocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <TextInput
          label={`${common.name} (${common.optional})`}
          value={name}
          maxLength={200}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Input.Wrapper label={t.role} labelElement="div">
          {ROLES.map((one) => (
            <Choice
              key={one}
              type="radio"
              name="role"
              checked={role === one}
              onChange={() => setRole(one)}
              aria-label={t.roles[one]}
            >
              <div>
                <Text size="sm">{t.roles[one]}</Text>
                <Text size="xs" c="dimmed">
                  {t.roleWhy[one]}
                </Text>
              </div>
            </Choice>
          ))}
        </Input.Wrapper>
        <Group justify="flex-end" gap="xs">
          <Button variant="subtle" color="gray" onClick={onCancel}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t.add}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
