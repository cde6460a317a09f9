/** The name of the dashboard, how old its numbers are, and what one can do with it. */

import { Badge, Button, Text, Title } from "@mantine/core";
import {
  IconArrowsMaximize,
  IconArrowsMinimize,
  IconDots,
  IconMessageQuestion,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconWorld,
} from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useIsRunning, useOldest } from "@/api/tile-data";
import type { Dashboard } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { useHeldFor, useNow } from "@/lib/hooks";
import { ago, exactly } from "@/lib/time";
import { IconButton } from "@/ui/IconButton";
import { useDashboardText } from "./text";
import type { TileRuns } from "./useTileRuns";
import classes from "./view.module.css";

/** Not in the first picture, so it comes after it. */
const MoreMenu = lazy(() => import("./MoreMenu").then((module) => ({ default: module.MoreMenu })));

interface Props {
  dashboard: Dashboard;
  runs: TileRuns;
  isFull: boolean;
  onFull: (full: boolean) => void;
  onEdit?: (tileId?: string) => void;
  onAsk: () => void;
  onLeave: (to: { id: string } | null) => void;
  onCopyLink: () => void;
  onDownload: () => void;
  /** Shows the dashboard as this person sees it. */
  onSeen: (userId: string) => void;
  /** Nothing can be done with it but look. */
  isQuiet: boolean;
}

export function ViewHeader(props: Props) {
  const { dashboard, runs, isFull, onFull, onEdit, isQuiet } = props;
  const common = useCommon();
  const t = useDashboardText();
  const isRunning = useIsRunning(runs.data, runs.ids);
  return (
    <header className={classes.head}>
      <div className={classes.headTitle}>
        <Title order={1} size="h3">
          {dashboard.name}
          {dashboard.is_public && (
            <Badge ml="sm" variant="light" leftSection={<IconWorld size={12} />}>
              {t.public}
            </Badge>
          )}
          {dashboard.is_archived && (
            <Badge ml="sm" variant="light" color="gray">
              {t.archived}
            </Badge>
          )}
        </Title>
        {dashboard.description && (
          <Text c="dimmed" size="sm" lineClamp={2}>
            {dashboard.description}
          </Text>
        )}
      </div>
      <div className={classes.headTools}>
        <Age dashboard={dashboard} runs={runs} />
        <IconButton
          label={common.refresh}
          keyName="r"
          onClick={runs.refresh}
          data-running={isRunning || undefined}
          className={classes.refresh}
        >
          <IconRefresh size={18} stroke={1.7} />
        </IconButton>
        <IconButton
          label={isFull ? t.leaveFull : t.fullScreen}
          keyName="f"
          onClick={() => onFull(!isFull)}
          className={classes.wideOnly}
        >
          {isFull ? (
            <IconArrowsMinimize size={18} stroke={1.7} />
          ) : (
            <IconArrowsMaximize size={18} stroke={1.7} />
          )}
        </IconButton>
        {!isQuiet && (
          <IconButton label={t.ask} keyName="a" onClick={props.onAsk}>
            <IconMessageQuestion size={18} stroke={1.7} />
          </IconButton>
        )}
        {onEdit && !isFull && (
          <Button leftSection={<IconPencil size={16} />} variant="default" onClick={() => onEdit()}>
            {common.edit}
          </Button>
        )}
        {!isFull && !isQuiet && (
          <Suspense fallback={<MorePlaceholder />}>
            <MoreMenu {...props} />
          </Suspense>
        )}
      </div>
    </header>
  );
}

function MorePlaceholder() {
  return (
    <span className={classes.more} aria-hidden="true">
      <IconDots size={18} />
    </span>
  );
}

function Age({ dashboard, runs }: { dashboard: Dashboard; runs: TileRuns }) {
  const t = useDashboardText();
  const now = useNow(15_000);
  const isSlow = useHeldFor(useIsRunning(runs.data, runs.ids), 300);
  const oldest = useOldest(runs.data, runs.ids);
  const every = dashboard.refresh_interval_seconds;
  const when = oldest ? t.updatedAgo(ago(oldest, now)) : "";
  const text = isSlow ? t.running : runs.isPaused ? `${when} · ${t.paused}` : when;
  return (
    <div className={classes.age}>
      <span
        className={classes.ageText}
        data-live={(every && !runs.isPaused) || undefined}
        data-testid="age"
        title={[exactly(oldest), every && t.autoRefresh(t.refreshSeconds(every))].filter(Boolean).join(" · ")}
      >
        {text}
      </span>
      {every && (
        <IconButton
          label={runs.isPaused ? t.resumeRefresh : t.pauseRefresh}
          look="bare"
          className={classes.pause}
          onClick={() => runs.setPaused(!runs.isPaused)}
        >
          {runs.isPaused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
        </IconButton>
      )}
    </div>
  );
}
