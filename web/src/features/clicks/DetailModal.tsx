/** The rows behind a click. */

import { Button, Modal, Skeleton, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import { post } from "@/api/client";
import type { Tile } from "@/api/types";
import type { Table } from "@/charts/contract";
import { tileBody } from "@/interaction/body";
import type { Scalar } from "@/interaction/codec";
import type { ViewState } from "@/interaction/state";
import { saveFile } from "@/lib/download";
import { useLocale } from "@/lib/locale";
import { ErrorNote } from "@/ui/ErrorNote";
import classes from "./clicks.module.css";
import { csvOf, fileNameOf } from "./csv";
import { useClicksText } from "./text";

const TableBody = lazy(() => import("../tiles/TableBody"));

interface Rows {
  columns: string[];
  rows: Record<string, unknown>[];
  types: Record<string, string>;
  row_count: number;
  truncated: boolean;
  filters_ignored: string[];
}

interface Props {
  dashboardId: string;
  tile: Tile;
  /** What was clicked, in words. */
  label: string;
  dimensions: Readonly<Record<string, Scalar>>;
  state: ViewState;
  timeZone: string | null;
  onClose: () => void;
}

const CONFIG = { zebra: true, compact: true, showSearch: true };

export default function DetailModal({
  dashboardId,
  tile,
  label,
  dimensions,
  state,
  timeZone,
  onClose,
}: Props) {
  const t = useClicksText();
  const body = { ...tileBody(state, tile), dimensions };
  const { data, error, refetch } = useQuery({
    queryKey: ["detail", dashboardId, tile.id, body],
    queryFn: ({ signal }) =>
      post<Rows>(`/api/dashboards/${dashboardId}/tiles/${tile.id}/detail`, body, { signal }),
    gcTime: 0,
    retry: false,
  });
  const title = label || tile.title;
  const save = () => {
    if (!data) return;
    const csv = new Blob([csvOf(data.columns, data.rows)], { type: "text/csv;charset=utf-8" });
    saveFile(csv, fileNameOf(label ? `${tile.title} - ${label}` : tile.title, "csv"));
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="min(1100px, 94vw)"
      title={<Title title={title} under={label ? tile.title : ""} />}
      classNames={{ body: classes.detail, content: classes.detailContent }}
      zIndex={300}
    >
      {data && (
        <div className={classes.facts}>
          <Text size="sm" c="dimmed" className="tnum" role="status">
            {data.truncated ? t.firstRows(data.row_count) : t.rows(data.row_count)}
            {data.filters_ignored.length > 0 && ` · ${t.notApplied(data.filters_ignored.join(", "))}`}
          </Text>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={15} />}
            onClick={save}
            disabled={data.rows.length === 0}
          >
            {t.download}
          </Button>
        </div>
      )}
      {error ? (
        <ErrorNote error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton h={320} radius="md" />
      ) : data.rows.length === 0 ? (
        <Text c="dimmed" ta="center" py="xl">
          {t.noRows}
        </Text>
      ) : (
        <Found data={data} title={t.details(title)} timeZone={timeZone ?? "UTC"} />
      )}
    </Modal>
  );
}

function Title({ title, under }: { title: string; under: string }) {
  return (
    <>
      <span className={classes.detailTitle}>{title}</span>
      {under && (
        <Text size="sm" c="dimmed" component="span" ml="sm" fw={400}>
          {under}
        </Text>
      )}
    </>
  );
}

function Found({ data, title, timeZone }: { data: Rows; title: string; timeZone: string }) {
  const locale = useLocale();
  const table = useMemo((): Table => ({ columns: data.columns, rows: data.rows, types: data.types }), [data]);
  return (
    <div className={classes.detailTable}>
      <Suspense fallback={<Skeleton h="100%" radius="md" />}>
        <TableBody table={table} config={CONFIG} title={title} locale={locale} timeZone={timeZone} />
      </Suspense>
    </div>
  );
}
