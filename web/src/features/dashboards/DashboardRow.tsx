/** One dashboard in the list. */

import { ActionIcon, Badge, Menu } from "@mantine/core";
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

function RowMenu({ dashboard, onCreated }: Props) {
  const common = useCommon();
  const t = useDashboardText();
  const [isRenaming, setRenaming] = useState(false);
  const actions = useDashboardActions(dashboard, { onCreated });
  const icon = { size: 16, stroke: 1.7 };
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            className={classes.rowMenu}
            aria-label={`${common.more}: ${dashboard.name}`}
          >
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconForms {...icon} />} onClick={() => setRenaming(true)}>
            {t.rename}
          </Menu.Item>
          <Menu.Item leftSection={<IconCopy {...icon} />} onClick={actions.duplicate}>
            {t.duplicate}
          </Menu.Item>
          {dashboard.is_archived ? (
            <Menu.Item leftSection={<IconArchiveOff {...icon} />} onClick={actions.unarchive}>
              {t.unarchive}
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={<IconArchive {...icon} />} onClick={actions.archive}>
              {t.archive}
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item leftSection={<IconTrash {...icon} />} color="red" onClick={actions.askDelete}>
            {common.delete}
          </Menu.Item>
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
