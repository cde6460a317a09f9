/** The name of the dashboard, how old its numbers are, and what one can do with it. */

import { ActionIcon, Badge, Button, Menu, Text, Title, Tooltip } from "@mantine/core";
import {
  IconArchive,
  IconArchiveOff,
  IconArrowsMaximize,
  IconArrowsMinimize,
  IconCopy,
  IconDots,
  IconForms,
  IconLink,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";
import { useIsRunning, useOldest } from "@/api/tile-data";
import type { Dashboard } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { useHeldFor, useNow } from "@/lib/hooks";
import { ago, exactly } from "@/lib/time";
import { DashboardForm } from "./DashboardForm";
import { useDashboardText } from "./text";
import { useDashboardActions } from "./useDashboardActions";
import type { TileRuns } from "./useTileRuns";
import classes from "./view.module.css";

interface Props {
  dashboard: Dashboard;
  runs: TileRuns;
  isFull: boolean;
  onFull: (full: boolean) => void;
  onEdit?: (tileId?: string) => void;
  onLeave: (to: { id: string } | null) => void;
  onCopyLink: () => void;
}

export function ViewHeader({ dashboard, runs, isFull, onFull, onEdit, onLeave, onCopyLink }: Props) {
  const common = useCommon();
  const t = useDashboardText();
  const isRunning = useIsRunning(runs.data, runs.ids);
  const fullLabel = isFull ? t.leaveFull : t.fullScreen;
  return (
    <header className={classes.head}>
      <div className={classes.headTitle}>
        <Title order={1} size="h3">
          {dashboard.name}
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
        <Tooltip label={`${t.refreshTip} (r)`}>
          <ActionIcon
            variant="default"
            size={36}
            onClick={runs.refresh}
            aria-label={common.refresh}
            data-running={isRunning || undefined}
            className={classes.refresh}
          >
            <IconRefresh size={18} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={`${fullLabel} (f)`}>
          <ActionIcon
            variant="default"
            size={36}
            onClick={() => onFull(!isFull)}
            aria-label={fullLabel}
            className={classes.wideOnly}
          >
            {isFull ? (
              <IconArrowsMinimize size={18} stroke={1.7} />
            ) : (
              <IconArrowsMaximize size={18} stroke={1.7} />
            )}
          </ActionIcon>
        </Tooltip>
        {onEdit && !isFull && (
          <Tooltip label={`${common.edit} (e)`}>
            <Button leftSection={<IconPencil size={16} />} variant="default" onClick={() => onEdit()}>
              {common.edit}
            </Button>
          </Tooltip>
        )}
        {!isFull && <MoreMenu dashboard={dashboard} onLeave={onLeave} onCopyLink={onCopyLink} />}
      </div>
    </header>
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
  const pauseLabel = runs.isPaused ? t.resumeRefresh : t.pauseRefresh;
  return (
    <div className={classes.age}>
      <Tooltip
        label={every ? `${exactly(oldest)} · ${t.autoRefresh(t.refreshSeconds(every))}` : exactly(oldest)}
        disabled={!oldest}
      >
        <span
          className={classes.ageText}
          data-live={(every && !runs.isPaused) || undefined}
          data-testid="age"
        >
          {text}
        </span>
      </Tooltip>
      {every && (
        <Tooltip label={pauseLabel}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            onClick={() => runs.setPaused(!runs.isPaused)}
            aria-label={pauseLabel}
          >
            {runs.isPaused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  );
}

function MoreMenu({ dashboard, onLeave, onCopyLink }: Pick<Props, "dashboard" | "onLeave" | "onCopyLink">) {
  const common = useCommon();
  const t = useDashboardText();
  const [isRenaming, setRenaming] = useState(false);
  const actions = useDashboardActions(dashboard, {
    onCreated: (id) => onLeave({ id }),
    onDeleted: () => onLeave(null),
  });
  const icon = { size: 16, stroke: 1.7 };
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={common.more}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconLink {...icon} />} onClick={onCopyLink}>
            {t.copyLink}
          </Menu.Item>
          {dashboard.can_edit && (
            <>
              <Menu.Item leftSection={<IconForms {...icon} />} onClick={() => setRenaming(true)}>
                {t.rename}
              </Menu.Item>
              <Menu.Item leftSection={<IconCopy {...icon} />} onClick={actions.duplicate}>
                {t.duplicate}
              </Menu.Item>
            </>
          )}
          {dashboard.can_own && (
            <>
              <Menu.Divider />
              <Menu.Item
                leftSection={dashboard.is_archived ? <IconArchiveOff {...icon} /> : <IconArchive {...icon} />}
                onClick={dashboard.is_archived ? actions.unarchive : actions.archive}
              >
                {dashboard.is_archived ? t.unarchive : t.archive}
              </Menu.Item>
              <Menu.Item leftSection={<IconTrash {...icon} />} color="red" onClick={actions.askDelete}>
                {common.delete}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <DashboardForm
        opened={isRenaming}
        onClose={() => setRenaming(false)}
        dashboardId={dashboard.id}
        onSaved={() => setRenaming(false)}
      />
    </>
  );
}
