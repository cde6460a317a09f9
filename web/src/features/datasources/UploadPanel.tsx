/** A file becomes a table: drop it, see it leave, read what came of it. */

import { Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconFileSpreadsheet, IconFileUpload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { isAbort } from "@/api/client";
import { keys } from "@/api/keys";
import { datasourcesQuery } from "@/api/queries/datasources";
import type { Datasource } from "@/api/types";
import type { Upload, UploadFields } from "@/api/upload";
import { uploadFile } from "@/api/upload";
import { useCommon } from "@/i18n/common";
import { formatBytes } from "@/lib/format";
import { DropZone } from "@/ui/DropZone";
import { ErrorNote } from "@/ui/ErrorNote";
import classes from "./datasources.module.css";
import { ACCEPTED, tableNameOf, tooLarge } from "./files";
import { useDatasourceText } from "./text";
import { UploadSummary } from "./UploadSummary";

interface Props {
  /** The datasource it goes into; absent: the person chooses. */
  into?: Datasource;
  onOpen: (datasourceId: string) => void;
}

export function UploadPanel({ into, onOpen }: Props) {
  const t = useDatasourceText();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [sent, setSent] = useState(0);
  const running = useRef<Upload | null>(null);
  useEffect(() => () => running.current?.cancel(), []);

  const send = useMutation({
    mutationFn: (fields: UploadFields) => {
      setSent(0);
      running.current = uploadFile(fields, setSent);
      return running.current.done;
    },
    onSettled: () => {
      running.current = null;
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keys.datasources }),
  });
  const startOver = () => {
    send.reset();
    setFile(null);
  };

  if (send.data) return <UploadSummary result={send.data} onAgain={startOver} onOpen={onOpen} />;
  if (send.isPending && file) {
    return <Sending file={file} sent={sent} onCancel={() => running.current?.cancel()} />;
  }
  return (
    <Stack gap="md">
      <DropZone
        icon={
          file ? <IconFileSpreadsheet size={32} stroke={1.4} /> : <IconFileUpload size={32} stroke={1.4} />
        }
        title={file ? file.name : t.dropHere}
        hint={file ? formatBytes(file.size) : t.dropFormats}
        label={t.dropHere}
        choose={t.chooseFile}
        accept={ACCEPTED}
        onFile={setFile}
      />
      {file && tooLarge(file) && (
        <Text c="red" size="sm" role="alert">
          {t.tooBig(formatBytes(tooLarge(file) ?? 0))}
        </Text>
      )}
      {file && <Target key={file.name} file={file} into={into} onStart={(fields) => send.mutate(fields)} />}
      {send.isError && !isAbort(send.error) && <ErrorNote error={send.error} />}
    </Stack>
  );
}

const NEW = "new";

interface TargetProps {
  file: File;
  into?: Datasource;
  onStart: (fields: UploadFields) => void;
}

function Target({ file, into, onStart }: TargetProps) {
  const t = useDatasourceText();
  const { data: all = [] } = useQuery({ ...datasourcesQuery, enabled: !into });
  const targets = all.filter((one) => one.type === "duckdb" && one.can_own);
  const [target, setTarget] = useState(into?.id ?? NEW);
  const [name, setName] = useState("");
  const [table, setTable] = useState(tableNameOf(file.name));
  const start = () =>
    onStart({
      file,
      table: table.trim() || undefined,
      ...(target === NEW ? { name: name.trim() || undefined } : { datasource_id: target }),
    });
  return (
    <>
      {!into && targets.length > 0 && (
        <Select
          label={t.into}
          allowDeselect={false}
          data={[
            { value: NEW, label: t.newSource },
            ...targets.map((one) => ({ value: one.id, label: one.name })),
          ]}
          value={target}
          onChange={(value) => setTarget(value ?? NEW)}
        />
      )}
      {target === NEW && (
        <TextInput
          label={t.sourceName}
          placeholder={file.name.replace(/\.[^.]+$/, "")}
          value={name}
          maxLength={200}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      <TextInput
        label={t.tableName}
        description={t.tableHint}
        value={table}
        maxLength={63}
        onChange={(event) => setTable(event.currentTarget.value)}
      />
      <Group justify="flex-end">
        <Button onClick={start} disabled={tooLarge(file) !== null}>
          {t.startUpload}
        </Button>
      </Group>
    </>
  );
}

function Sending({ file, sent, onCancel }: { file: File; sent: number; onCancel: () => void }) {
  const common = useCommon();
  const t = useDatasourceText();
  const part = file.size > 0 ? Math.min(100, (sent / file.size) * 100) : 100;
  const isReading = part >= 100;
  const status = isReading ? t.reading : t.sending(formatBytes(sent), formatBytes(file.size));
  return (
    <Stack gap="sm" py="md">
      <Text fw={560}>{file.name}</Text>
      <progress
        className={classes.progress}
        max={100}
        value={isReading ? undefined : part}
        aria-label={status}
      />
      <Group justify="space-between">
        <Text size="sm" c="dimmed" className="tnum" role="status">
          {status}
        </Text>
        <Button variant="subtle" color="gray" size="compact-sm" onClick={onCancel}>
          {common.cancel}
        </Button>
      </Group>
    </Stack>
  );
}
