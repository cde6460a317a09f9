/** The dashboard as somebody else sees it: a banner that says so, and under each tile the rows that are left. */

import { Button, Group, Skeleton, Text } from "@mantine/core";
import { IconEye, IconEyeOff, IconX } from "@tabler/icons-react";
import { type ComponentProps, createContext, type ReactNode, useContext, useMemo, useState } from "react";
import type { SeenDashboard } from "@/api/queries/policies";
import { type TileDataStore, useTileState } from "@/api/tile-data";
import type { Dashboard } from "@/api/types";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { nameOf, PersonSelect } from "@/ui/PersonSelect";
import type { Body } from "../dashboards/body";
import { type Counts, plain, REFUSAL, SeenStore } from "./seen";
import { useViewAsText } from "./text";

/** What the page draws instead of its own. */
export interface Seen {
  dashboard: Dashboard;
  data: TileDataStore;
  Body: Body;
}

interface Props {
  dashboard: Dashboard;
  userId: string;
  Body: Body;
  /** Another person, or nobody: back to one's own view. */
  onSeen: (userId?: string) => void;
  children: (seen: Seen) => ReactNode;
}

const SeenCounts = createContext<Counts>({});

export function ViewAs({ dashboard: given, userId, Body, onSeen, children }: Props) {
  const t = useViewAsText();
  const dashboard = useMemo(() => ({ ...given, tiles: given.tiles.map(plain) }), [given]);
  const [seen, setSeen] = useState<SeenDashboard | null>(null);
  const data = useMemo(() => new SeenStore(given.id, userId, setSeen), [given.id, userId]);
  const Inside = useMemo(() => withCounts(Body), [Body]);
  const counts: Counts = useMemo(
    () => Object.fromEntries((seen?.tiles ?? []).map((tile) => [tile.id, tile])),
    [seen],
  );
  return (
    <>
      <Banner seen={seen} userId={userId} counts={counts} onSeen={onSeen} />
      <Refusal data={data} />
      {seen?.sentence ? (
        <EmptyState icon={<IconEyeOff size={30} />} title={t.notSeen}>
          {seen.sentence}
        </EmptyState>
      ) : (
        <SeenCounts value={counts}>{children({ dashboard, data, Body: Inside })}</SeenCounts>
      )}
    </>
  );
}

interface BannerProps {
  seen: SeenDashboard | null;
  userId: string;
  counts: Counts;
  onSeen: (userId?: string) => void;
}

function Banner({ seen, userId, counts, onSeen }: BannerProps) {
  const t = useViewAsText();
  const user = seen?.user.id === userId ? seen.user : null;
  const counted = Object.values(counts).filter((one) => one.rows_before !== null);
  const fewer = counted.filter((one) => (one.rows_after ?? 0) < (one.rows_before ?? 0)).length;
  return (
    <section
      aria-label={t.title}
      data-testid="view-as"
      style={{
        position: "sticky",
        zIndex: 30,
        top: 8,
        margin: "8px 14px 0",
        padding: "10px 14px",
        border: "1px solid var(--t-accent)",
        borderRadius: 12,
        background: "var(--t-accent-soft)",
      }}
    >
      <Group justify="space-between" gap="sm">
        <Group gap="sm" wrap="nowrap" flex="1 1 280px" align="flex-start">
          <IconEye
            size={20}
            color="var(--t-accent)"
            style={{ flexShrink: 0, marginTop: 1 }}
            aria-hidden="true"
          />
          <div role="status">
            {user ? (
              <Text size="sm" fw={620}>
                {t.banner(nameOf(user))}
              </Text>
            ) : (
              <Skeleton h={16} w={260} my={3} aria-label={t.loading} />
            )}
            {user && !seen?.sentence && (
              <Text size="xs" c="dimmed">
                {fewer > 0 ? t.fewer(fewer, counted.length) : t.same} {t.clicks}
              </Text>
            )}
          </div>
        </Group>
        <Group gap="xs">
          <PersonSelect
            size="xs"
            w={220}
            label={t.another}
            isQuiet
            value={userId}
            current={user ?? undefined}
            onChange={onSeen}
          />
          <Button size="xs" leftSection={<IconX size={14} />} onClick={() => onSeen()}>
            {t.leave}
          </Button>
        </Group>
      </Group>
    </section>
  );
}

/** The server refused as a whole: for every tile, so once above them. */
function Refusal({ data }: { data: SeenStore }) {
  const { failure } = useTileState(data, REFUSAL);
  if (!failure) return null;
  return (
    <div style={{ margin: "8px 14px 0" }}>
      <ErrorNote error={new Error(failure)} onRetry={() => void data.runTile()} />
    </div>
  );
}

/** The inside of a tile with the rows that are left under it. */
function withCounts(Body: Body): Body {
  return function Inside(props: ComponentProps<Body>) {
    return (
      <div style={{ display: "flex", flexDirection: "column", height: "100%" }}>
        <div style={{ flex: 1, minHeight: 0, position: "relative" }}>
          <Body {...props} />
        </div>
        <RowsLeft tileId={props.tile.id} />
      </div>
    );
  };
}

function RowsLeft({ tileId }: { tileId: string }) {
  const t = useViewAsText();
  const { [tileId]: count } = useContext(SeenCounts);
  if (!count || count.rows_before === null || count.rows_after === null) return null;
  const isLess = count.rows_after < count.rows_before;
  return (
    <p
      data-testid="rows-left"
      className="tnum"
      style={{
        margin: "4px 0 0",
        color: isLess ? "var(--t-warn)" : "var(--t-muted)",
        fontSize: 12,
        fontWeight: isLess ? 560 : 400,
      }}
    >
      {t.rows(count.rows_after, count.rows_before)}
    </p>
  );
}
