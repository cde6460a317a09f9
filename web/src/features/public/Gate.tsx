/** Asks for the password of a public page. */

import { Button, PasswordInput, Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { sentenceOf } from "@/api/client";
import { keys } from "@/api/keys";
import { unlockPublicPage } from "@/api/queries/sharing";
import { useTitle } from "@/lib/hooks";
import { Door } from "./Doors";
import classes from "./public.module.css";
import { usePublicText } from "./text";

const MAX_LENGTH = 200;

export function Gate({ token }: { token: string }) {
  const t = usePublicText();
  const client = useQueryClient();
  const [password, setPassword] = useState("");
  useTitle(t.locked);
  const unlock = useMutation({
    mutationFn: () => unlockPublicPage(token, password),
    onSuccess: () => client.resetQueries({ queryKey: keys.publicPage(token) }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password !== "") unlock.mutate();
  };
  return (
    <Door icon={<IconLock size={28} stroke={1.6} />} title={t.locked}>
      <Text c="dimmed" size="sm">
        {t.lockedWhy}
      </Text>
      <form onSubmit={submit} className={classes.gate}>
        <PasswordInput
          label={t.password}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={unlock.error && sentenceOf(unlock.error)}
          maxLength={MAX_LENGTH}
          autoComplete="off"
          autoFocus
        />
        <Button type="submit" fullWidth disabled={password === ""} loading={unlock.isPending}>
          {t.unlock}
        </Button>
      </form>
    </Door>
  );
}
