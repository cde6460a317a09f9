/** A link that is on: the address, what guests see through it, and its terms. */

import { Button, Group, PasswordInput, Text } from "@mantine/core";
import { IconExternalLink, IconRefresh, IconWorld, IconWorldOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { snapshotsQuery } from "@/api/queries/sharing";
import type { Dashboard, Link } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { useNow } from "@/lib/hooks";
import { ago, exactly, toMillis } from "@/lib/time";
import { CopyField } from "@/ui/CopyField";
import { confirmDanger } from "@/ui/confirm";
import { EndingPicker } from "./EndingPicker";
import classes from "./sharing.module.css";
import { type Ending, endingTerms, MAX_PASSWORD, MIN_PASSWORD } from "./terms";
import { useSharingText } from "./text";
import { useLinkChange } from "./useLinkChange";

type Change = ReturnType<typeof useLinkChange>;

/** The whole address of a public page. */
export function addressOf(link: Link): string {
  return new URL(link.share_url ?? "/", window.location.origin).href;
}

export function LinkOn({ dashboard, link }: { dashboard: Dashboard; link: Link }) {
  const t = useSharingText();
  const change = useLinkChange(dashboard.id);
  const rotate = () =>
    confirmDanger({
      title: t.rotateTitle,
      message: t.rotateWhy,
      confirm: t.rotate,
      onConfirm: () => change.mutate({ terms: { rotate: true }, said: t.rotated }),
    });
  return (
    <>
      <div className={classes.state}>
        <span className={classes.stateIcon}>
          <IconWorld size={20} stroke={1.7} />
        </span>
        <div>
          <Text fw={620}>{t.on}</Text>
          <Freshness dashboardId={dashboard.id} />
        </div>
      </div>
      <div className={classes.address}>
        <CopyField label={t.address} value={addressOf(link)} />
      </div>
      <Group gap="xs" mt="sm">
        <Button
          component="a"
          href={addressOf(link)}
          target="_blank"
          rel="noopener"
          variant="default"
          size="xs"
          leftSection={<IconExternalLink size={15} />}
        >
          {t.preview}
        </Button>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconRefresh size={15} />}
          onClick={rotate}
          disabled={change.isPending}
        >
          {t.rotate}
        </Button>
        <Button
          variant="light"
          color="red"
          size="xs"
          leftSection={<IconWorldOff size={15} />}
          onClick={() => change.mutate({ terms: null, said: t.switchedOff })}
          disabled={change.isPending}
        >
          {t.switchOff}
        </Button>
      </Group>
      <div className={classes.terms}>
        <Ends key={link.expires_at} link={link} change={change} />
        <Password key={String(link.has_password)} link={link} change={change} />
      </div>
    </>
  );
}

function Freshness({ dashboardId }: { dashboardId: string }) {
  const t = useSharingText();
  const now = useNow(15_000);
  const { data } = useQuery(snapshotsQuery(dashboardId));
  const latest = data?.[0];
  if (!latest) return null;
  const isOver = (toMillis(latest.expires_at) ?? 0) < now;
  return (
    <Text size="sm" c="dimmed">
      {isOver ? t.noSnapshot : t.guestsSee(exactly(latest.created_at), ago(latest.created_at, now))}
    </Text>
  );
}

function Ends({ link, change }: { link: Link; change: Change }) {
  const t = useSharingText();
  const [ending, setEnding] = useState<Ending>(link.expires_at ? "as-is" : "never");
  const [day, setDay] = useState("");
  const send = (next: Ending, named: string) => {
    const terms = endingTerms(next, named);
    if (terms && Object.keys(terms).length > 0) change.mutate({ terms });
  };
  const isOver = link.expires_at !== null && (toMillis(link.expires_at) ?? 0) < Date.now();
  return (
    <div>
      <EndingPicker
        ending={ending}
        current={link.expires_at}
        day={day}
        onEnding={(next) => {
          setEnding(next);
          if (next !== "date") send(next, "");
        }}
        onDay={(next) => {
          setDay(next);
          send("date", next);
        }}
      />
      {isOver && (
        <Text size="xs" c="red" mt={4}>
          {t.ended(exactly(link.expires_at))}
        </Text>
      )}
    </div>
  );
}

function Password({ link, change }: { link: Link; change: Change }) {
  const common = useCommon();
  const t = useSharingText();
  const [text, setText] = useState<string | null>(null);
  const isShort = text !== null && text.length < MIN_PASSWORD;
  if (text === null) {
    return (
      <div>
        <Text size="sm" fw={500}>
          {t.password}
        </Text>
        <Text size="sm" c="dimmed" mb={6}>
          {link.has_password ? t.passwordSet : t.passwordNone}
        </Text>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={() => setText("")}>
            {link.has_password ? t.changePassword : t.setPassword}
          </Button>
          {link.has_password && (
            <Button
              size="xs"
              variant="subtle"
              color="gray"
              onClick={() => change.mutate({ terms: { password: null }, said: t.passwordRemoved })}
            >
              {t.removePassword}
            </Button>
          )}
        </Group>
      </div>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isShort) return;
    change.mutate({ terms: { password: text }, said: t.passwordSaved }, { onSuccess: () => setText(null) });
  };
  return (
    <form onSubmit={submit}>
      <PasswordInput
        label={t.password}
        description={t.passwordShort}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        maxLength={MAX_PASSWORD}
        autoComplete="new-password"
        autoFocus
      />
      <Group gap="xs" mt={8}>
        <Button size="xs" type="submit" disabled={isShort} loading={change.isPending}>
          {t.set}
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={() => setText(null)}>
          {common.cancel}
        </Button>
      </Group>
    </form>
  );
}
