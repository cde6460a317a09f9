/** What one can do with a dashboard besides looking at it and editing its tiles. */

import {
  IconArchive,
  IconArchiveOff,
  IconCamera,
  IconCopy,
  IconDots,
  IconFileExport,
  IconFileImport,
  IconFileSpreadsheet,
  IconForms,
  IconHistory,
  IconLink,
  IconTrash,
  IconWorld,
} from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import type { Dashboard } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { ActionMenu } from "@/ui/ActionMenu";
import { useExportText } from "../export";
import { exportFile, useExtras } from "./extras";
import { useDashboardText } from "./text";
import { useDashboardActions } from "./useDashboardActions";
import classes from "./view.module.css";

const DashboardForm = lazy(() =>
  import("./DashboardForm").then((module) => ({ default: module.DashboardForm })),
);

const ICON = { size: 16, stroke: 1.7 };

interface Props {
  dashboard: Dashboard;
  onLeave: (to: { id: string } | null) => void;
  onCopyLink: () => void;
  onDownload: () => void;
}

export function MoreMenu({ dashboard, onLeave, onCopyLink, onDownload }: Props) {
  const common = useCommon();
  const t = useDashboardText();
  const e = useExportText();
  const [isRenaming, setRenaming] = useState(false);
  const actions = useDashboardActions(dashboard, {
    onCreated: (id) => onLeave({ id }),
    onDeleted: () => onLeave(null),
  });
  const extras = useExtras(dashboard);
  const { can_edit, can_own, is_archived } = dashboard;
  return (
    <>
      <ActionMenu
        label={common.more}
        className={classes.more}
        width={220}
        groups={[
          [
            can_own && { label: t.share, icon: <IconWorld {...ICON} />, onClick: () => extras.open("share") },
            can_edit &&
              !can_own && {
                label: t.snapshots,
                icon: <IconCamera {...ICON} />,
                onClick: () => extras.open("share"),
              },
            can_edit && {
              label: t.history,
              icon: <IconHistory {...ICON} />,
              onClick: () => extras.open("history"),
            },
            { label: t.copyLink, icon: <IconLink {...ICON} />, onClick: onCopyLink },
            { label: e.workbook, icon: <IconFileSpreadsheet {...ICON} />, onClick: onDownload },
            can_edit && { label: t.rename, icon: <IconForms {...ICON} />, onClick: () => setRenaming(true) },
            can_edit && { label: t.duplicate, icon: <IconCopy {...ICON} />, onClick: actions.duplicate },
          ],
          [
            can_own && {
              label: t.exportFile,
              icon: <IconFileExport {...ICON} />,
              onClick: () => exportFile(dashboard),
            },
            can_own && {
              label: t.updateFromFile,
              icon: <IconFileImport {...ICON} />,
              onClick: () => extras.open("update"),
            },
          ],
          [
            can_own &&
              !is_archived && { label: t.archive, icon: <IconArchive {...ICON} />, onClick: actions.archive },
            can_own &&
              is_archived && {
                label: t.unarchive,
                icon: <IconArchiveOff {...ICON} />,
                onClick: actions.unarchive,
              },
            can_own && {
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
      {extras.dialog}
      {isRenaming && (
        <Suspense fallback={null}>
          <DashboardForm
            opened
            onClose={() => setRenaming(false)}
            dashboardId={dashboard.id}
            onSaved={() => setRenaming(false)}
          />
        </Suspense>
      )}
    </>
  );
}
