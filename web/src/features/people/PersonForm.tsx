/** A new person: e-mail, name, role. */

import { Button, Group, Radio, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { keys } from "@/api/keys";
import { createUser } from "@/api/queries/people";
import type { Role } from "@/api/types";
import { useCommon } from "@/i18n/common";
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
        <Radio.Group label={t.role} value={role} onChange={(value) => setRole(value as Role)}>
          <Stack gap={8} mt={6}>
            {ROLES.map((one) => (
              <Radio key={one} value={one} label={t.roles[one]} description={t.roleWhy[one]} />
            ))}
          </Stack>
        </Radio.Group>
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
