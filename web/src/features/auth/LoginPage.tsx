/** Coming in: by e-mail and password, or by a login link, which then offers to set a password. */

import { Alert, Button, Loader, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { sentenceOf } from "@/api/client";
import { keys } from "@/api/keys";
import { logIn } from "@/api/queries/auth";
import type { Me } from "@/api/types";
import { dice } from "@/lib/dice";
import { useTitle } from "@/lib/hooks";
import { Mark } from "@/ui/Mark";
import classes from "./auth.module.css";
import { PasswordForm } from "./PasswordForm";
import { useAuthText } from "./text";

interface Props {
  link?: string;
  onDone: () => void;
}

export function LoginPage({ link, onDone }: Props) {
  const t = useAuthText();
  useTitle(t.logIn);
  const client = useQueryClient();
  const [newcomer, setNewcomer] = useState<Me | null>(null);

  const arrive = (me: Me) => {
    client.clear();
    client.setQueryData(keys.me, me);
    if (link && !me.has_password) setNewcomer(me);
    else onDone();
  };

  return (
    <main className={classes.page}>
      <section className={classes.card}>
        <div className={classes.brand}>
          <Mark size={34} />
          <span>Tesela</span>
        </div>
        {newcomer ? (
          <FirstPassword me={newcomer} onDone={onDone} />
        ) : (
          <LoginForms link={link} onArrive={arrive} />
        )}
      </section>
      <MosaicWall />
    </main>
  );
}

function LoginForms({ link, onArrive }: { link?: string; onArrive: (me: Me) => void }) {
  const t = useAuthText();
  const byLink = useMutation({ mutationFn: (token: string) => logIn({ link: token }), onSuccess: onArrive });
  const tried = useRef<string>(null);

  const tryLink = byLink.mutate;
  useEffect(() => {
    // A link works once: React's double mount in development must not spend it twice.
    if (!link || tried.current === link) return;
    tried.current = link;
    tryLink(link);
  }, [link, tryLink]);

  if (link && !byLink.isError) {
    return (
      <Stack align="center" py="xl" role="status">
        <Loader size="sm" />
        <Text c="dimmed">{t.checkingLink}</Text>
      </Stack>
    );
  }
  return (
    <>
      {byLink.isError && (
        <Alert color="red" variant="light" role="alert" mb="md">
          {t.linkFailed}
        </Alert>
      )}
      <PasswordLogin onArrive={onArrive} />
    </>
  );
}

function PasswordLogin({ onArrive }: { onArrive: (me: Me) => void }) {
  const t = useAuthText();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [capsLock, setCapsLock] = useState(false);
  const login = useMutation({ mutationFn: logIn, onSuccess: onArrive });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    login.mutate({ email: email.trim(), password });
  };

  return (
    <form onSubmit={submit}>
      <Title order={1} size="h3">
        {t.welcome}
      </Title>
      <Text c="dimmed" size="sm" mb="lg">
        {t.tagline}
      </Text>
      <Stack gap="md">
        {login.isError && (
          <Alert color="red" variant="light" role="alert">
            {sentenceOf(login.error)}
          </Alert>
        )}
        <TextInput
          label={t.email}
          type="text"
          inputMode="email"
          name="email"
          autoComplete="username"
          autoFocus
          required
          withAsterisk={false}
          size="md"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={t.password}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          size="md"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          onKeyUp={(event) => setCapsLock(event.getModifierState("CapsLock"))}
          description={capsLock ? t.capsLock : undefined}
        />
        <Button type="submit" size="md" loading={login.isPending} fullWidth>
          {t.logIn}
        </Button>
      </Stack>
      <Text c="dimmed" size="xs" mt="lg">
        {t.noAccount}
      </Text>
    </form>
  );
}

function FirstPassword({ me, onDone }: { me: Me; onDone: () => void }) {
  const t = useAuthText();
  return (
    <>
      <Title order={1} size="h3">
        {t.hello(me.name || me.email)}
      </Title>
      <Text c="dimmed" size="sm" mb="lg">
        {t.setPasswordWhy}
      </Text>
      <PasswordForm needsCurrent={false} userName={me.email} onDone={onDone} onSkip={onDone} />
    </>
  );
}

/** A quiet wall of tesserae beside the form, the same one each time. */
function MosaicWall() {
  const draw = dice("tesela");
  const cells = Array.from({ length: 70 }, (_, index) => ({ index, hue: draw(11), shape: draw(7) }));
  return (
    <div className={classes.wall} aria-hidden="true">
      {cells.map(({ index, hue, shape }) => (
        <i key={index} data-hue={hue} data-shape={shape} />
      ))}
    </div>
  );
}
