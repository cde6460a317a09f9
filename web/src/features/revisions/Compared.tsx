/** One state looked at, or two compared, as a list to read; and the way back to it. */

import { Alert, Badge, Button, Group, SegmentedControl, Skeleton, Text } from "@mantine/core";
import { IconArrowLeft, IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { comparisonQuery, restoreRevision } from "@/api/queries/revisions";
import type { Comparison, Dashboard, Difference, Revision } from "@/api/types";
import { exactly } from "@/lib/time";
import { confirmDanger } from "@/ui/confirm";
import { ErrorNote } from "@/ui/ErrorNote";
import type { Restoring } from "./HistoryPanel";
import { Member } from "./Member";
import classes from "./revisions.module.css";
import { useRevisionsText } from "./text";

/** A state with the words by which it is known. */
type State = Pick<Revision, "number" | "sentence" | "created_at"> & { parent?: number | null };

export type Pair =
  | { kind: "one"; revision: State; latest: Pick<Revision, "number"> }
  | { kind: "two"; from: Revision; to: Revision };

interface Props {
  dashboard: Pick<Dashboard, "id" | "can_own">;
  pair: Pair;
  restoring: Restoring;
  onBack: () => void;
}

export function Compared({ dashboard, pair, restoring, onBack }: Props) {
  const t = useRevisionsText();
  return (
    <>
      <Button
        variant="subtle"
        size="xs"
        leftSection={<IconArrowLeft size={15} />}
        onClick={onBack}
        className={classes.back}
      >
        {t.back}
      </Button>
      {pair.kind === "two" ? (
        <>
          <Text fw={600}>{t.between(exactly(pair.from.created_at), exactly(pair.to.created_at))}</Text>
          <Differences dashboardId={dashboard.id} from={pair.from.number} to={pair.to.number} />
        </>
      ) : (
        <One dashboard={dashboard} pair={pair} restoring={restoring} onBack={onBack} />
      )}
    </>
  );
}

interface OneProps extends Omit<Props, "pair"> {
  pair: Extract<Pair, { kind: "one" }>;
}

function One({ dashboard, pair, restoring, onBack }: OneProps) {
  const t = useRevisionsText();
  const { revision, latest } = pair;
  const parent = revision.parent ?? null;
  const isNow = revision.number === latest.number;
  const [view, setView] = useState<"what" | "against">("parent" in revision ? "what" : "against");
  const restore = () =>
    confirmDanger({
      title: t.restoreTitle,
      message: t.restoreWhy(exactly(revision.created_at)),
      confirm: t.restoreConfirm,
      isHarmless: true,
      onConfirm: () => {
        void restoring
          .run(() => restoreRevision(dashboard.id, revision.number), t.restored, latest.number)
          .then(onBack);
      },
    });
  return (
    <>
      <Text fw={600}>{revision.sentence}</Text>
      <Text size="sm" c="dimmed">
        {exactly(revision.created_at)}
      </Text>
      <Group justify="space-between" gap="xs" mt="sm">
        {"parent" in revision ? (
          <SegmentedControl
            size="xs"
            value={view}
            onChange={(value) => setView(value as typeof view)}
            data={[
              { value: "what", label: t.what },
              { value: "against", label: t.against },
            ]}
          />
        ) : (
          <Text size="sm">{t.against}</Text>
        )}
        {dashboard.can_own && !isNow && (
          <Button
            size="xs"
            leftSection={<IconHistory size={15} />}
            onClick={restore}
            loading={restoring.isRunning}
          >
            {t.restore}
          </Button>
        )}
      </Group>
      {view === "against" ? (
        isNow ? (
          <Alert mt="md">{t.isNow}</Alert>
        ) : (
          <Differences dashboardId={dashboard.id} from={revision.number} to={latest.number} />
        )
      ) : parent === null ? (
        <Alert mt="md">{t.first}</Alert>
      ) : (
        <Differences dashboardId={dashboard.id} from={parent} to={revision.number} />
      )}
    </>
  );
}

function Differences({ dashboardId, from, to }: { dashboardId: string; from: number; to: number }) {
  const t = useRevisionsText();
  const { data, error, refetch } = useQuery(comparisonQuery(dashboardId, from, to));
  if (error) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton h={160} mt="md" />;
  const kinds = (["tiles", "pages", "filters", "settings"] as const).filter((kind) => data[kind].length > 0);
  if (kinds.length === 0) return <Alert mt="md">{t.nothing}</Alert>;
  return kinds.map((kind) => <Kind key={kind} title={t[kind]} all={data[kind]} />);
}

function Kind({ title, all }: { title: string; all: Comparison["tiles"] }) {
  return (
    <section className={classes.kind}>
      <h3>{title}</h3>
      {all.map((one) => (
        <OneDifference key={one.id} one={one} />
      ))}
    </section>
  );
}

const COLORS = { added: "green", removed: "red", changed: "blue" };

function OneDifference({ one }: { one: Difference }) {
  const t = useRevisionsText();
  return (
    <article className={classes.difference}>
      <header>
        <Text size="sm" fw={560}>
          {one.sentence}
        </Text>
        <Badge size="sm" variant="light" color={COLORS[one.change]}>
          {t[one.change]}
        </Badge>
      </header>
      {one.change === "changed" && one.members.map((member) => <Member key={member.name} member={member} />)}
    </article>
  );
}
