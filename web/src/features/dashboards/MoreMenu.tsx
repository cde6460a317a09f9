/** What one can do with a dashboard besides looking at it and editing its tiles. */

import {
  IconArchive,
  IconArchiveOff,
  IconCamera,
  IconCopy,
  IconDots,
  IconEye,
  IconFileExport,
  IconFileImport,
  IconFileSpreadsheet,
  IconForms,
  IconHistory,
  IconLink,
  IconTrash,
  IconWorld,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { meQuery } from "@/api/queries/auth";
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

const ChoosePerson = lazy(() => import("../view-as").then((module) => ({ default: module.ChoosePerson })));

const ICON = { size: 16, stroke: 1.7 };

interface Props {
  dashboard: Dashboard;
  onLeave: (to: { id: string } | null) => void;
  onCopyLink: () => void;
  onDownload: () => void;
  onSeen: (userId: string) => void;
}

export function MoreMenu({ dashboard, onLeave, onCopyLink, onDownload, onSeen }: Props) {
  const common = useCommon();
  const t = useDashboardText();
  const e = useExportText();
  const { data: me } = useQuery(meQuery);
  const [isRenaming, setRenaming] = useState(false);
  const [isChoosing, setChoosing] = useState(false);
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
            me?.role === "admin" && {
              label: t.viewAs,
              icon: <IconEye {...ICON} />,
              onClick: () => setChoosing(true),
            },
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
      {isChoosing && (
        <Suspense fallback={null}>
          <ChoosePerson onChoose={onSeen} onClose={() => setChoosing(false)} />
        </Suspense>
      )}
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
