/** The question before a dashboard becomes public: what a guest will see, and on which terms. */

import { Button, Group, PasswordInput, Text, Title } from "@mantine/core";
import { IconWorld } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { Dashboard } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { EndingPicker } from "./EndingPicker";
import classes from "./sharing.module.css";
import { type Ending, endingTerms, MAX_PASSWORD, MIN_PASSWORD } from "./terms";
import { useSharingText } from "./text";
import { useLinkChange } from "./useLinkChange";

export function MakePublic({ dashboard, onBack }: { dashboard: Dashboard; onBack: () => void }) {
  const common = useCommon();
  const t = useSharingText();
  const [ending, setEnding] = useState<Ending>("never");
  const [day, setDay] = useState("");
  const [password, setPassword] = useState("");
  const change = useLinkChange(dashboard.id);
  const terms = endingTerms(ending, day);
  const isShort = password !== "" && password.length < MIN_PASSWORD;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (terms && !isShort) change.mutate({ terms: { ...terms, ...(password && { password }) } });
  };
  const every = dashboard.refresh_interval_seconds;
  return (
    <form onSubmit={submit}>
      <Title order={3} size="h5">
        {t.confirmTitle}
      </Title>
      <Text size="sm" mt={4}>
        {t.guestSees}
      </Text>
      <ul className={classes.sees}>
        <li>{t.seesTiles(common.tileCount(dashboard.tile_count), dashboard.pages.length)}</li>
        <li>{t.seesOwner(dashboard.owner_name)}</li>
        <li>{t.seesNow}</li>
        <li>{every ? t.seesRefreshed(t.everySeconds(every)) : t.seesLater}</li>
      </ul>
      <Text size="sm" mt={8}>
        {t.seesNever}
      </Text>
      <div className={classes.terms}>
        <EndingPicker ending={ending} onEnding={setEnding} day={day} onDay={setDay} />
        <PasswordInput
          label={t.passwordOptional}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={isShort && t.passwordShort}
          maxLength={MAX_PASSWORD}
          autoComplete="new-password"
        />
      </div>
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="subtle" color="gray" onClick={onBack} disabled={change.isPending}>
          {common.cancel}
        </Button>
        <Button
          type="submit"
          leftSection={<IconWorld size={17} />}
          disabled={!terms || isShort}
          loading={change.isPending}
        >
          {t.makePublic}
        </Button>
      </Group>
      <Text size="xs" c="dimmed" ta="right" mt={6} role="status">
        {change.isPending && t.making}
      </Text>
    </form>
  );
}
