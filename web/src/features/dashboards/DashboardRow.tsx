/** One dashboard in the list. */

import { Badge } from "@mantine/core";
import {
  IconArchive,
  IconArchiveOff,
  IconCopy,
  IconDots,
  IconForms,
  IconTrash,
  IconWorld,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { DashboardSummary } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { useNow } from "@/lib/hooks";
import { ago, exactly } from "@/lib/time";
import { ActionMenu } from "@/ui/ActionMenu";
import { Mosaic } from "@/ui/Mark";
import { DashboardForm } from "./DashboardForm";
import classes from "./dashboards.module.css";
import { useDashboardText } from "./text";
import { useDashboardActions } from "./useDashboardActions";

interface Props {
  dashboard: DashboardSummary;
  onCreated: (id: string) => void;
}

export function DashboardRow({ dashboard, onCreated }: Props) {
  const common = useCommon();
  const t = useDashboardText();
  const now = useNow(60_000);
  return (
    <li className={classes.row}>
      <Mosaic seed={dashboard.id} />
      <div className={classes.rowMain}>
        <div className={classes.rowTitle}>
          <Link to="/dashboards/$id" params={{ id: dashboard.id }} className={classes.rowLink}>
            {dashboard.name}
          </Link>
          {dashboard.is_archived && (
            <Badge variant="light" color="gray" size="sm">
              {t.archived}
            </Badge>
          )}
          {dashboard.is_public && <IconWorld size={15} aria-label={t.public} />}
        </div>
        {dashboard.description && <div className={classes.rowWhat}>{dashboard.description}</div>}
        <div className={classes.rowFacts}>
          <span>{common.tileCount(dashboard.tile_count)}</span>
          {dashboard.owner_name && <span>{dashboard.owner_name}</span>}
          {dashboard.workspace_name && <span>{dashboard.workspace_name}</span>}
          <span title={exactly(dashboard.updated_at)}>{t.updatedAgo(ago(dashboard.updated_at, now))}</span>
        </div>
      </div>
      {dashboard.can_edit && <RowMenu dashboard={dashboard} onCreated={onCreated} />}
    </li>
  );
}

const ICON = { size: 16, stroke: 1.7 };

function RowMenu({ dashboard, onCreated }: Props) {
  const common = useCommon();
  const t = useDashboardText();
  const [isRenaming, setRenaming] = useState(false);
  const actions = useDashboardActions(dashboard, { onCreated });
  const { is_archived } = dashboard;
  return (
    <>
      <ActionMenu
        label={`${common.more}: ${dashboard.name}`}
        className={classes.rowMenu}
        width={220}
        groups={[
          [
            { label: t.rename, icon: <IconForms {...ICON} />, onClick: () => setRenaming(true) },
            { label: t.duplicate, icon: <IconCopy {...ICON} />, onClick: actions.duplicate },
            !is_archived && { label: t.archive, icon: <IconArchive {...ICON} />, onClick: actions.archive },
            is_archived && {
              label: t.unarchive,
              icon: <IconArchiveOff {...ICON} />,
              onClick: actions.unarchive,
            },
          ],
          [
            {
              label: common.delete,
              icon: <IconTrash {...ICON} />,
              onClick: actions.askDelete,
              isDanger: true,
            },
          ],
        ]}
      >
        <IconDots size={18} />
      </ActionMenu>
      {isRenaming && (
        <DashboardForm
          opened
          onClose={() => setRenaming(false)}
          dashboardId={dashboard.id}
          onSaved={() => setRenaming(false)}
        />
      )}
    </>
  );
}
