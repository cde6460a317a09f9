/** A new password, twice. */

import { Alert, Button, Group, PasswordInput, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { sentenceOf } from "@/api/client";
import { keys } from "@/api/keys";
import { setPassword } from "@/api/queries/auth";
import type { Me } from "@/api/types";
import { toast } from "@/ui/toast";
import { useAuthText } from "./text";

interface Props {
  needsCurrent: boolean;
  /** For the browser's password manager. */
  userName: string;
  onDone: () => void;
  onSkip?: () => void;
}

const SHORTEST = 10;

export function PasswordForm({ needsCurrent, userName, onDone, onSkip }: Props) {
  const t = useAuthText();
  const client = useQueryClient();
  const [current, setCurrent] = useState("");
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const [wasSent, setWasSent] = useState(false);
  const problem = fresh.length < SHORTEST ? t.tooShort : fresh !== again ? t.notTheSame : null;

  const save = useMutation({
    mutationFn: () => setPassword({ password: fresh, ...(needsCurrent && { current_password: current }) }),
    onSuccess: () => {
      client.setQueryData<Me | null>(keys.me, (me) => (me ? { ...me, has_password: true } : me));
      toast({ message: t.passwordSet, kind: "good" });
      setCurrent("");
      setFresh("");
      setAgain("");
      setWasSent(false);
      onDone();
    },
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWasSent(true);
    if (!problem) save.mutate();
  };

  return (
    <form onSubmit={submit}>
      <Stack gap="md" maw={420}>
        {save.isError && (
          <Alert color="red" variant="light" role="alert">
            {sentenceOf(save.error)}
          </Alert>
        )}
        <input type="text" name="username" autoComplete="username" value={userName} readOnly hidden />
        {needsCurrent && (
          <PasswordInput
            label={t.currentPassword}
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
        )}
        <PasswordInput
          label={t.newPassword}
          description={t.passwordHint}
          autoComplete="new-password"
          value={fresh}
          onChange={(event) => setFresh(event.currentTarget.value)}
          error={wasSent && fresh.length < SHORTEST ? t.tooShort : undefined}
        />
        <PasswordInput
          label={t.repeatPassword}
          autoComplete="new-password"
          value={again}
          onChange={(event) => setAgain(event.currentTarget.value)}
          error={wasSent && fresh.length >= SHORTEST && fresh !== again ? t.notTheSame : undefined}
        />
        <Group justify="flex-end" gap="xs">
          {onSkip && (
            <Button variant="subtle" color="gray" onClick={onSkip}>
              {t.skip}
            </Button>
          )}
          <Button type="submit" loading={save.isPending}>
            {t.setPassword}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
