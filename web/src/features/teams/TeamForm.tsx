/** A team's name and description. */

import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { keys } from "@/api/keys";
import { createTeam, updateTeam } from "@/api/queries/teams";
import type { Team } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { ErrorNote } from "@/ui/ErrorNote";
import { useTeamText } from "./text";

export function TeamForm({ current, onDone }: { current: Team | null; onDone: () => void }) {
  const common = useCommon();
  const t = useTeamText();
  const client = useQueryClient();
  const [name, setName] = useState(current?.name ?? "");
  const [description, setDescription] = useState(current?.description ?? "");
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), description: description.trim() || null };
      return current ? updateTeam(current.id, body) : createTeam(body);
    },
    onSuccess: async (saved) => {
      client.setQueryData(keys.team(saved.id), saved);
      await client.invalidateQueries({ queryKey: keys.teams });
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {save.isError && <ErrorNote error={save.error} />}
        <TextInput
          label={common.name}
          placeholder={t.nameHint}
          data-autofocus
          required
          withAsterisk={false}
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label={`${common.description} (${common.optional})`}
          autosize
          minRows={2}
          maxLength={2000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="subtle" color="gray" onClick={onDone}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={!name.trim()}>
            {current ? common.save : common.create}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
