/** The metrics of the tenant: found by a few letters, with how far they can be trusted. */

import { Button, Group, Select, Skeleton, Table, Text, TextInput } from "@mantine/core";
import { IconFileExport, IconFileImport, IconPlus, IconRuler2, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { meQuery } from "@/api/queries/auth";
import { datasourcesQuery } from "@/api/queries/datasources";
import { directoryQuery } from "@/api/queries/directory";
import {
  exportMetrics,
  METRIC_STATUSES,
  type Metric,
  type MetricStatus,
  metricsQuery,
} from "@/api/queries/metrics";
import { useCommon } from "@/i18n/common";
import { saveFile } from "@/lib/download";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageFrame } from "@/ui/PageFrame";
import { Section } from "@/ui/Section";
import { toastError } from "@/ui/toast";
import { Marks } from "./Marks";
import { useMetricText } from "./text";

const ImportMetrics = lazy(() =>
  import("./ImportMetrics").then((module) => ({ default: module.ImportMetrics })),
);

export interface CatalogueSearch {
  q?: string;
  status?: MetricStatus;
}

interface Props {
  search: CatalogueSearch;
  onSearch: (search: CatalogueSearch) => void;
  onAdd: () => void;
}

export function CataloguePage({ search, onSearch, onAdd }: Props) {
  const common = useCommon();
  const t = useMetricText();
  const list = useQuery(metricsQuery);
  const { data: me } = useQuery(meQuery);
  const [isImporting, setImporting] = useState(false);
  const mayAdd = me?.role !== "viewer";
  const found = matching(list.data ?? [], search);
  const download = () => {
    exportMetrics().then((file) => saveFile(file, "metrics.yaml"), toastError);
  };
  return (
    <PageFrame
      title={common.metrics}
      subtitle={t.subtitle}
      actions={
        <>
          {list.data !== undefined && list.data.length > 0 && (
            <Button variant="default" leftSection={<IconFileExport size={16} />} onClick={download}>
              {t.export}
            </Button>
          )}
          {mayAdd && (
            <>
              <Button
                variant="default"
                leftSection={<IconFileImport size={16} />}
                onClick={() => setImporting(true)}
              >
                {t.import}
              </Button>
              <Button leftSection={<IconPlus size={16} />} onClick={onAdd}>
                {t.add}
              </Button>
            </>
          )}
        </>
      }
    >
      {list.isError && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {list.isPending && <Skeleton h={240} radius="lg" />}
      {list.data?.length === 0 && (
        <EmptyState
          icon={<IconRuler2 size={30} />}
          title={t.none}
          action={mayAdd ? { label: t.add, onClick: onAdd } : undefined}
        >
          {t.noneWhy}
        </EmptyState>
      )}
      {list.data !== undefined && list.data.length > 0 && (
        <>
          <Group mb="md" gap="sm">
            <TextInput
              type="search"
              flex="1 1 220px"
              maw={420}
              aria-label={t.search}
              placeholder={t.search}
              leftSection={<IconSearch size={16} />}
              value={search.q ?? ""}
              onChange={(event) => onSearch({ ...search, q: event.currentTarget.value || undefined })}
            />
            <Select
              aria-label={t.statusLabel}
              placeholder={t.anyStatus}
              w={170}
              clearable
              data={METRIC_STATUSES.map((status) => ({ value: status, label: t.status[status] }))}
              value={search.status ?? null}
              onChange={(status) => onSearch({ ...search, status: (status as MetricStatus) ?? undefined })}
            />
          </Group>
          {found.length === 0 ? <EmptyState title={t.noMatch} /> : <List metrics={found} />}
        </>
      )}
      <Suspense fallback={null}>
        {isImporting && <ImportMetrics onClose={() => setImporting(false)} />}
      </Suspense>
    </PageFrame>
  );
}

function List({ metrics }: { metrics: Metric[] }) {
  const t = useMetricText();
  const ownerOf = useOwners();
  const { data: sources = [] } = useQuery(datasourcesQuery);
  return (
    <Section>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t.metric}</Table.Th>
            <Table.Th visibleFrom="sm">{t.kind}</Table.Th>
            <Table.Th visibleFrom="sm">{t.datasource}</Table.Th>
            <Table.Th visibleFrom="sm">{t.owner}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {metrics.map((metric) => (
            <Table.Tr key={metric.id}>
              <Table.Td>
                <Group gap={8}>
                  <Link to="/catalogue/$name" params={{ name: metric.name }} className="t-link">
                    <b style={{ fontWeight: 580 }}>{metric.label || metric.name}</b>
                  </Link>
                  <Marks metric={metric} />
                </Group>
                <Text size="xs" c="dimmed" lineClamp={2}>
                  <code>{metric.name}</code>
                  {metric.description && ` · ${metric.description}`}
                </Text>
              </Table.Td>
              <Table.Td visibleFrom="sm">{t.type[metric.type]}</Table.Td>
              <Table.Td visibleFrom="sm">
                {sources.find((source) => source.id === metric.datasource_id)?.name ?? "–"}
              </Table.Td>
              <Table.Td visibleFrom="sm">{ownerOf(metric)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}

/** The names of owners, as far as one may know them. */
export function useOwners(): (metric: Pick<Metric, "owner_id">) => string {
  const { data: me } = useQuery(meQuery);
  const { data: people = [] } = useQuery({
    ...directoryQuery(""),
    enabled: me !== undefined && me?.role !== "viewer",
  });
  return ({ owner_id }) =>
    owner_id === me?.id ? (me?.name ?? "") : (people.find((one) => one.id === owner_id)?.name ?? "–");
}

export function matching(metrics: readonly Metric[], { q, status }: CatalogueSearch): Metric[] {
  const wanted = (q ?? "").trim().toLowerCase();
  return metrics.filter(
    (one) =>
      (!status || one.status === status) &&
      [one.name, one.label, one.description, ...one.synonyms].some((word) =>
        word?.toLowerCase().includes(wanted),
      ),
  );
}
