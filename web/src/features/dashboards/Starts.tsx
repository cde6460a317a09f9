/** Four ways to begin, for whoever has no dashboard yet. */

import { Text, Title, UnstyledButton } from "@mantine/core";
import {
  IconDatabasePlus,
  IconFileImport,
  IconFileUpload,
  IconLayoutGridAdd,
  IconLockQuestion,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { EmptyState } from "@/ui/EmptyState";
import { Mark } from "@/ui/Mark";
import classes from "./dashboards.module.css";
import { useDashboardText } from "./text";

interface Props {
  mayCreate: boolean;
  onBlank: () => void;
  onImport: () => void;
}

export function Starts({ mayCreate, onBlank, onImport }: Props) {
  const t = useDashboardText();
  if (!mayCreate) {
    return (
      <EmptyState icon={<IconLockQuestion size={30} />} title={t.emptyViewer}>
        {t.emptyViewerWhy}
      </EmptyState>
    );
  }
  const icon = { size: 26, stroke: 1.6 };
  return (
    <div className={classes.starts}>
      <Mark size={56} />
      <Title order={2} size="h3">
        {t.firstTitle}
      </Title>
      <Text c="dimmed">{t.firstWhy}</Text>
      <div className={classes.startCards}>
        <UnstyledButton className={classes.start} onClick={onBlank}>
          <IconLayoutGridAdd {...icon} />
          <b>{t.startBlank}</b>
          <span>{t.startBlankWhy}</span>
        </UnstyledButton>
        <Link className={classes.start} to="/datasources" search={{ add: "upload" }}>
          <IconFileUpload {...icon} />
          <b>{t.startUpload}</b>
          <span>{t.startUploadWhy}</span>
        </Link>
        <Link className={classes.start} to="/datasources" search={{ add: "connect" }}>
          <IconDatabasePlus {...icon} />
          <b>{t.startConnect}</b>
          <span>{t.startConnectWhy}</span>
        </Link>
        <UnstyledButton className={classes.start} onClick={onImport}>
          <IconFileImport {...icon} />
          <b>{t.startImport}</b>
          <span>{t.startImportWhy}</span>
        </UnstyledButton>
      </div>
    </div>
  );
}
