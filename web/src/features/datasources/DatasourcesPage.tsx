/** Where the data is: the list of datasources, and the two ways to add one. */

import { Badge, Button, Modal, Skeleton } from "@mantine/core";
import { IconDatabase, IconDatabasePlus, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { meQuery } from "@/api/queries/auth";
import { datasourcesQuery } from "@/api/queries/datasources";
import type { Datasource } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageFrame } from "@/ui/PageFrame";
import { addressOf } from "./config";
import { DatasourceForm } from "./DatasourceForm";
import classes from "./datasources.module.css";
import { TypeIcon } from "./TypeIcon";
import { useDatasourceText } from "./text";
import { UploadPanel } from "./UploadPanel";

export type Adding = "upload" | "connect";

interface Props {
  adding?: Adding;
  onAdding: (adding?: Adding) => void;
  onOpen: (id: string) => void;
}

export function DatasourcesPage({ adding, onAdding, onOpen }: Props) {
  const common = useCommon();
  const t = useDatasourceText();
  const list = useQuery(datasourcesQuery);
  const { data: me } = useQuery(meQuery);
  const mayAdd = me?.role !== "viewer";
  return (
    <PageFrame
      title={common.datasources}
      subtitle={t.subtitle}
      actions={
        mayAdd && (
          <>
            <Button
              variant="default"
              leftSection={<IconUpload size={16} />}
              onClick={() => onAdding("upload")}
            >
              {t.upload}
            </Button>
            <Button leftSection={<IconDatabasePlus size={16} />} onClick={() => onAdding("connect")}>
              {t.connect}
            </Button>
          </>
        )
      }
    >
      {list.isError && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {list.isPending && <Skeleton h={150} radius="lg" />}
      {list.data?.length === 0 && (
        <EmptyState
          icon={<IconDatabase size={30} />}
          title={t.none}
          action={mayAdd ? { label: t.upload, onClick: () => onAdding("upload") } : undefined}
        >
          {t.noneWhy}
        </EmptyState>
      )}
      <div className={classes.cards}>
        {list.data?.map((datasource) => (
          <Card key={datasource.id} datasource={datasource} />
        ))}
      </div>
      <Modal opened={adding === "connect"} onClose={() => onAdding()} title={t.connect} size="lg">
        <DatasourceForm
          onSaved={(saved) => onOpen(saved.id)}
          onCancel={() => onAdding()}
          isAdmin={me?.role === "admin"}
        />
      </Modal>
      <Modal opened={adding === "upload"} onClose={() => onAdding()} title={t.upload} size="lg">
        <UploadPanel onOpen={onOpen} />
      </Modal>
    </PageFrame>
  );
}

function Card({ datasource }: { datasource: Datasource }) {
  const t = useDatasourceText();
  return (
    <Link to="/datasources/$id" params={{ id: datasource.id }} className={classes.card}>
      <TypeIcon type={datasource.type} />
      <div className={classes.cardText}>
        <b>{datasource.name}</b>
        <span>{[t.types[datasource.type], addressOf(datasource)].filter(Boolean).join(" · ")}</span>
        <span>{t.usedBy(datasource.dashboard_count)}</span>
      </div>
      {datasource.is_default && (
        <Badge variant="light" size="sm">
          {t.default}
        </Badge>
      )}
    </Link>
  );
}
