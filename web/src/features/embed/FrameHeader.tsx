/** The top of a dashboard in a frame: its name, how old its numbers are, and what a reader can do with them. */

import { Text, Title } from "@mantine/core";
import { IconFileSpreadsheet, IconRefresh } from "@tabler/icons-react";
import { useIsRunning } from "@/api/tile-data";
import { useCommon } from "@/i18n/common";
import { IconButton } from "@/ui/IconButton";
import { Age } from "../dashboards/Age";
import type { HeaderProps } from "../dashboards/Reading";
import view from "../dashboards/view.module.css";
import { useExportText } from "../export";

const ICON = { size: 18, stroke: 1.7 };

export function FrameHeader({ dashboard, runs, onDownload, hasTitle }: HeaderProps & { hasTitle: boolean }) {
  const common = useCommon();
  const t = useExportText();
  const isRunning = useIsRunning(runs.data, runs.ids);
  return (
    <header className={view.head} style={{ marginBottom: 8 }}>
      <div className={view.headTitle}>
        {hasTitle && (
          <>
            <Title order={1} size="h4">
              {dashboard.name}
            </Title>
            {dashboard.description && (
              <Text c="dimmed" size="sm" lineClamp={2}>
                {dashboard.description}
              </Text>
            )}
          </>
        )}
      </div>
      <div className={view.headTools}>
        <Age dashboard={dashboard} runs={runs} />
        <IconButton
          label={common.refresh}
          keyName="r"
          onClick={runs.refresh}
          data-running={isRunning || undefined}
          className={view.refresh}
        >
          <IconRefresh {...ICON} />
        </IconButton>
        {/* At the very edge of the page a tip of ours would make it wider. */}
        <IconButton label={t.workbook} title={t.workbook} tip="none" onClick={onDownload}>
          <IconFileSpreadsheet {...ICON} />
        </IconButton>
      </div>
    </header>
  );
}
