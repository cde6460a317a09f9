/** One datasource: what is in it, its settings, and a way to put more in. */

import { ActionIcon, Alert, Badge, Button, Group, Menu, Modal, Skeleton, Text } from "@mantine/core";
import {
  IconDots,
  IconLinkOff,
  IconPlugConnected,
  IconSettings,
  IconShieldLock,
  IconTrash,
  IconUpload,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError, sentenceOf } from "@/api/client";
import { keys } from "@/api/keys";
import { meQuery } from "@/api/queries/auth";
import { datasourceQuery, deleteDatasource, testDatasource } from "@/api/queries/datasources";
import type { Datasource } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { confirmDanger } from "@/ui/confirm";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageFrame } from "@/ui/PageFrame";
import { toast } from "@/ui/toast";
import { addressOf } from "./config";
import { DatasourceForm, TestNote } from "./DatasourceForm";
import { SchemaBrowser } from "./SchemaBrowser";
import { useDatasourceText } from "./text";
import { UploadPanel } from "./UploadPanel";

export function DatasourcePage({ id, onDeleted }: { id: string; onDeleted: () => void }) {
  const common = useCommon();
  const query = useQuery(datasourceQuery(id));
  if (query.isPending) {
    return (
      <PageFrame title={<Skeleton h={28} w={220} />}>
        <Skeleton h={320} radius="lg" />
      </PageFrame>
    );
  }
  if (query.isError) {
    return (
      <PageFrame title={common.datasources}>
        <ErrorNote error={query.error} onRetry={() => query.refetch()} />
      </PageFrame>
    );
  }
  return <Loaded datasource={query.data} onDeleted={onDeleted} />;
}

type Dialog = "edit" | "upload" | null;

function Loaded({ datasource, onDeleted }: { datasource: Datasource; onDeleted: () => void }) {
  const common = useCommon();
  const t = useDatasourceText();
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const [dialog, setDialog] = useState<Dialog>(null);
  const close = () => setDialog(null);
  const test = useMutation({ mutationFn: () => testDatasource(datasource.id) });
  const remove = useMutation({
    mutationFn: () => deleteDatasource(datasource.id),
    onSuccess: async () => {
      onDeleted();
      toast({ message: t.wasRemoved(datasource.name) });
      await client.invalidateQueries({ queryKey: keys.datasources });
    },
  });
  const facts = [t.types[datasource.type], addressOf(datasource), t.usedBy(datasource.dashboard_count)];

  return (
    <PageFrame
      tabTitle={datasource.name}
      title={
        <Group gap="sm">
          {datasource.name}
          {datasource.is_default && <Badge variant="light">{t.default}</Badge>}
        </Group>
      }
      subtitle={
        <>
          <Link to="/datasources" className="t-link">
            {common.datasources}
          </Link>
          {" · "}
          {facts.filter(Boolean).join(" · ")}
        </>
      }
      actions={
        <>
          {datasource.can_use && (
            <Button
              variant="default"
              leftSection={<IconPlugConnected size={16} />}
              loading={test.isPending}
              onClick={() => test.mutate()}
            >
              {t.testShort}
            </Button>
          )}
          {datasource.type === "duckdb" && datasource.can_own && (
            <Button leftSection={<IconUpload size={16} />} onClick={() => setDialog("upload")}>
              {t.upload}
            </Button>
          )}
          {datasource.can_own && (
            <OwnerMenu
              id={datasource.id}
              onEdit={() => setDialog("edit")}
              onDelete={() =>
                confirmDanger({
                  title: t.removeTitle(datasource.name),
                  message: t.removeWhy,
                  onConfirm: () => remove.mutate(),
                })
              }
            />
          )}
        </>
      }
    >
      {test.data && <TestNote result={test.data} />}
      {test.isError && <ErrorNote error={test.error} />}
      {remove.isError && <NotDeleted error={remove.error} onClose={remove.reset} />}
      {datasource.can_use ? (
        <SchemaBrowser datasource={datasource} onUpload={() => setDialog("upload")} />
      ) : (
        <Text c="dimmed">{t.noUse}</Text>
      )}
      <Modal opened={dialog === "edit"} onClose={close} title={t.edit} size="lg">
        <DatasourceForm
          current={datasource}
          onSaved={close}
          onCancel={close}
          isAdmin={me?.role === "admin"}
        />
      </Modal>
      <Modal opened={dialog === "upload"} onClose={close} title={t.upload} size="lg">
        <UploadPanel into={datasource} onOpen={close} />
      </Modal>
    </PageFrame>
  );
}

function OwnerMenu({ id, onEdit, onDelete }: { id: string; onEdit: () => void; onDelete: () => void }) {
  const common = useCommon();
  const t = useDatasourceText();
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label={common.more}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconSettings size={16} />} onClick={onEdit}>
          {t.edit}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconShieldLock size={16} />}
          renderRoot={(props) => <Link to="/policies" search={{ datasource: id }} {...props} />}
        >
          {common.policies}
        </Menu.Item>
        <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={onDelete}>
          {t.remove}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Most often: dashboards still use it, and the sentence names them. */
function NotDeleted({ error, onClose }: { error: unknown; onClose: () => void }) {
  const t = useDatasourceText();
  const isInUse = error instanceof ApiError && error.status === 409;
  if (!isInUse) return <ErrorNote error={error} />;
  return (
    <Alert
      color="yellow"
      variant="light"
      mb="md"
      icon={<IconLinkOff size={18} />}
      title={t.inUse}
      withCloseButton
      onClose={onClose}
    >
      {sentenceOf(error)}
    </Alert>
  );
}
