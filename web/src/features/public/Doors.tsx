/** A link that leads nowhere, and the frame of a page that is only a few words. */

import { Text, Title } from "@mantine/core";
import { IconLinkOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTitle } from "@/lib/hooks";
import classes from "./public.module.css";
import { usePublicText } from "./text";

export function Gone() {
  const t = usePublicText();
  useTitle(t.gone);
  return (
    <Door icon={<IconLinkOff size={28} stroke={1.6} />} title={t.gone}>
      <Text c="dimmed" size="sm">
        {t.goneWhy}
      </Text>
    </Door>
  );
}

export function Door({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <main className={classes.door}>
      <div className={classes.doorCard}>
        <div className={classes.doorIcon}>{icon}</div>
        <Title order={1} size="h4">
          {title}
        </Title>
        {children}
      </div>
    </main>
  );
}
