/** One's own account: who one is, password, API keys, how the app looks. */

import { Badge, Group, Switch, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { meQuery } from "@/api/queries/auth";
import { useCommon } from "@/i18n/common";
import { setSingleKeys, useSingleKeys } from "@/lib/hotkeys";
import { PageFrame } from "@/ui/PageFrame";
import { Section } from "@/ui/Section";
import { ApiKeys } from "./ApiKeys";
import { PasswordForm } from "./PasswordForm";
import { useAuthText } from "./text";

/** `appearance`: the controls of theme and language, which belong to the shell. */
export function AccountPage({ appearance }: { appearance: ReactNode }) {
  const t = useAuthText();
  const common = useCommon();
  const { data: me } = useQuery(meQuery);
  const singleKeys = useSingleKeys();
  if (!me) return null;
  return (
    <PageFrame title={common.account} width="narrow">
      <Section title={t.profile}>
        <Group justify="space-between">
          <div>
            <Text fw={560}>{me.name || me.email}</Text>
            <Text size="sm" c="dimmed">
              {me.email} · {me.tenant_name}
            </Text>
          </div>
          <Badge variant="light" size="lg">
            {t.roles[me.role]}
          </Badge>
        </Group>
      </Section>
      <Section title={t.appearance}>
        {appearance}
        <Switch
          mt="md"
          checked={singleKeys}
          onChange={(event) => setSingleKeys(event.currentTarget.checked)}
          label={common.singleKeys}
          description={common.singleKeysWhy}
        />
      </Section>
      <Section title={me.has_password ? t.changePassword : t.setPassword}>
        <PasswordForm needsCurrent={me.has_password} userName={me.email} onDone={() => undefined} />
      </Section>
      <Section title={t.apiKeys} subtitle={t.apiKeysWhy}>
        <ApiKeys />
      </Section>
    </PageFrame>
  );
}
