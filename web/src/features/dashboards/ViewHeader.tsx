/** The name of the dashboard, how old its numbers are, and what one can do with it. */

import { Badge, Button, Text, Title } from "@mantine/core";
import {
  IconArrowsMaximize,
  IconArrowsMinimize,
  IconDots,
  IconMessageQuestion,
  IconPencil,
  IconRefresh,
  IconWorld,
} from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useIsRunning } from "@/api/tile-data";
import { useCommon } from "@/i18n/common";
import { IconButton } from "@/ui/IconButton";
import { Age } from "./Age";
import type { HeaderProps } from "./Reading";
import { useDashboardText } from "./text";
import classes from "./view.module.css";

/** Not in the first picture, so it comes after it. */
const MoreMenu = lazy(() => import("./MoreMenu").then((module) => ({ default: module.MoreMenu })));

interface Props extends HeaderProps {
  onLeave: (to: { id: string } | null) => void;
  onSeen: (userId: string) => void;
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
