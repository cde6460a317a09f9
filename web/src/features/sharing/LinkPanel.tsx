/** The public link: off, about to be on, or on with its terms. */

import { Alert, Button, Group, Text } from "@mantine/core";
import { IconLock, IconWorld } from "@tabler/icons-react";
import { useState } from "react";
import type { Dashboard, Link } from "@/api/types";
import { LinkOn } from "./LinkOn";
import { MakePublic } from "./MakePublic";
import classes from "./sharing.module.css";
import { useSharingText } from "./text";

interface Props {
  dashboard: Dashboard;
  link: Link;
}

export function LinkPanel({ dashboard, link }: Props) {
  const t = useSharingText();
  const [isAsking, setAsking] = useState(false);
  if (link.is_public) return <LinkOn dashboard={dashboard} link={link} />;
  if (isAsking) return <MakePublic dashboard={dashboard} onBack={() => setAsking(false)} />;
  return (
    <>
      <div className={classes.state}>
        <span className={classes.stateIcon} data-off>
          <IconLock size={20} stroke={1.7} />
        </span>
        <div>
          <Text fw={620}>{t.off}</Text>
          <Text size="sm" c="dimmed">
            {t.offWhy}
          </Text>
        </div>
      </div>
      {dashboard.is_archived ? (
        <Alert color="yellow" mt="md">
          {t.archived}
        </Alert>
      ) : (
        <Group justify="flex-end" mt="lg">
          <Button leftSection={<IconWorld size={17} />} onClick={() => setAsking(true)} data-autofocus>
            {t.create}
          </Button>
        </Group>
      )}
    </>
  );
}
