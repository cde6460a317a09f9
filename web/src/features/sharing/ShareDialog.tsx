/** Who may look: people and teams; and who outside, what they see and until when: the public link, snapshots, and the page inside other sites. */

import { Modal, Skeleton, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { linkQuery } from "@/api/queries/sharing";
import type { Dashboard, Link } from "@/api/types";
import { useMedia } from "@/lib/hooks";
import { ErrorNote } from "@/ui/ErrorNote";
import { EmbedPanel } from "./EmbedPanel";
import { LinkPanel } from "./LinkPanel";
import { PeoplePanel } from "./PeoplePanel";
import { SchedulePicker } from "./SchedulePicker";
import { SnapshotList } from "./SnapshotList";
import classes from "./sharing.module.css";
import { useSharingText } from "./text";

interface Props {
  dashboard: Dashboard;
  onClose: () => void;
}

const PHONE = "(max-width: 48em)";

export function ShareDialog({ dashboard, onClose }: Props) {
  const t = useSharingText();
  const isPhone = useMedia(PHONE);
  return (
    <Modal
      opened
      onClose={onClose}
      title={dashboard.can_own ? t.title(dashboard.name) : t.snapshotsOf(dashboard.name)}
      size={620}
      fullScreen={isPhone}
      radius={isPhone ? 0 : undefined}
    >
      {dashboard.can_own ? (
        <Owner dashboard={dashboard} isPhone={isPhone} />
      ) : (
        <Snapshots dashboard={dashboard} />
      )}
    </Modal>
  );
}

/** Four tabs in one line of a phone. */
const NARROW = { tab: { paddingInline: 8 } };

function Owner({ dashboard, isPhone }: { dashboard: Dashboard; isPhone: boolean }) {
  const t = useSharingText();
  const { data: link, error, refetch } = useQuery(linkQuery(dashboard.id));
  const [tab, setTab] = useState<string | null>("people");
  const still = error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Skeleton h={150} />;
  return (
    <Tabs value={tab} onChange={setTab} keepMounted={false} styles={isPhone ? NARROW : undefined}>
      <Tabs.List>
        <Tabs.Tab value="people">{t.people}</Tabs.Tab>
        <Tabs.Tab value="link">{t.link}</Tabs.Tab>
        <Tabs.Tab value="snapshots">{t.snapshots}</Tabs.Tab>
        <Tabs.Tab value="embed">{t.embed}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="people" className={classes.panel}>
        <PeoplePanel
          dashboard={dashboard}
          isPublic={link?.is_public ?? false}
          onLink={() => setTab("link")}
        />
      </Tabs.Panel>
      <Tabs.Panel value="link" className={classes.panel}>
        {link ? <LinkPanel dashboard={dashboard} link={link} /> : still}
      </Tabs.Panel>
      <Tabs.Panel value="snapshots" className={classes.panel}>
        <Snapshots dashboard={dashboard} link={link} />
      </Tabs.Panel>
      <Tabs.Panel value="embed" className={classes.panel}>
        {link ? <EmbedPanel dashboard={dashboard} link={link} /> : still}
      </Tabs.Panel>
    </Tabs>
  );
}

function Snapshots({ dashboard, link }: { dashboard: Dashboard; link?: Link }) {
  return (
    <>
      <SnapshotList dashboard={dashboard} isPublic={link?.is_public ?? dashboard.is_public} />
      <SchedulePicker dashboard={dashboard} />
    </>
  );
}
