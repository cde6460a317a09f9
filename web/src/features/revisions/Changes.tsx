/** Every change under its day. One is looked at by a click; two are compared. */

import { Button, Group, Skeleton, Text, UnstyledButton } from "@mantine/core";
import { IconChevronRight, IconGitCompare } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { revisionsQuery } from "@/api/queries/revisions";
import type { Revision } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { useNow } from "@/lib/hooks";
import { exactly } from "@/lib/time";
import { Choice } from "@/ui/Choice";
import { ErrorNote } from "@/ui/ErrorNote";
import type { Pair } from "./Compared";
import { byDay, clock, dayName } from "./days";
import classes from "./revisions.module.css";
import { useRevisionsText } from "./text";

interface Props {
  dashboardId: string;
  onPair: (pair: Pair) => void;
}

export function Changes({ dashboardId, onPair }: Props) {
  const common = useCommon();
  const t = useRevisionsText();
  const now = useNow(60_000);
  const list = useInfiniteQuery(revisionsQuery(dashboardId));
  const [chosen, setChosen] = useState<Revision[] | null>(null);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const latest = items[0];
  const look = (revision: Revision) => latest && onPair({ kind: "one", revision, latest });
  const toggle = (revision: Revision) =>
    setChosen((before) =>
      before?.some((one) => one.number === revision.number)
        ? before.filter((one) => one.number !== revision.number)
        : [...(before ?? []), revision].slice(-2),
    );
  const compare = () => {
    const [from, to] = (chosen ?? []).toSorted((a, b) => a.number - b.number);
    if (from && to) onPair({ kind: "two", from, to });
  };
  if (list.isError) return <ErrorNote error={list.error} onRetry={() => void list.refetch()} />;
  if (list.isPending) return <Skeleton h={220} />;
  if (items.length === 0) return <Text size="sm">{t.noChanges}</Text>;
  return (
    <>
      <Group justify="space-between" mih={32} mb={4}>
        <Text size="sm" c="dimmed">
          {chosen && t.pickTwo}
        </Text>
        {chosen ? (
          <Group gap="xs">
            <Button size="xs" variant="subtle" color="gray" onClick={() => setChosen(null)}>
              {common.cancel}
            </Button>
            <Button size="xs" disabled={chosen.length < 2} onClick={compare}>
              {t.compare}
            </Button>
          </Group>
        ) : (
          items.length > 1 && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconGitCompare size={15} />}
              onClick={() => setChosen([])}
            >
              {t.compareTwo}
            </Button>
          )
        )}
      </Group>
      {byDay(items).map((day) => (
        <section key={day.key} className={classes.day}>
          <h3>{dayName(day.at, now, t)}</h3>
          <ul>
            {day.items.map((revision) => (
              <li key={revision.number}>
                {chosen ? (
                  <Choice
                    type="checkbox"
                    checked={chosen.some((one) => one.number === revision.number)}
                    onChange={() => toggle(revision)}
                    aria-label={t.choose(revision.sentence)}
                  >
                    <Change revision={revision} isNow={revision === latest} />
                  </Choice>
                ) : (
                  <UnstyledButton className={classes.change} onClick={() => look(revision)}>
                    <Change revision={revision} isNow={revision === latest} />
                    <IconChevronRight size={16} aria-hidden="true" />
                  </UnstyledButton>
                )}
              </li>
            ))}
          </ul>
        </section>
      ))}
      {list.hasNextPage && (
        <Group justify="center" mt="md">
          <Button
            variant="default"
            size="xs"
            loading={list.isFetchingNextPage}
            onClick={() => list.fetchNextPage()}
          >
            {common.loadMore}
          </Button>
        </Group>
      )}
    </>
  );
}

function Change({ revision, isNow }: { revision: Revision; isNow: boolean }) {
  const t = useRevisionsText();
  return (
    <span className={classes.changeText}>
      <span>{revision.sentence}</span>
      <span className={classes.facts} title={exactly(revision.created_at)}>
        {[clock(revision.created_at), revision.author_name, isNow && t.now].filter(Boolean).join(" · ")}
      </span>
    </span>
  );
}
