/** One metric: what it means, how it is computed, what stands on it, and what its owner can do with it. */

import { ActionIcon, Alert, Badge, Button, Group, Menu, Skeleton, Text } from "@mantine/core";
import {
  IconArchive,
  IconDots,
  IconLinkOff,
  IconPencil,
  IconRosetteDiscountCheck,
  IconSend,
  IconTrash,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ApiError, sentenceOf } from "@/api/client";
import { keys } from "@/api/keys";
import { meQuery } from "@/api/queries/auth";
import { datasourcesQuery } from "@/api/queries/datasources";
import {
  deleteMetric,
  GRAINS,
  type Metric,
  type MetricInput,
  metricQuery,
  saveMetric,
} from "@/api/queries/metrics";
import { useCommon } from "@/i18n/common";
import { confirmDanger } from "@/ui/confirm";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageFrame } from "@/ui/PageFrame";
import { Section } from "@/ui/Section";
import { toast, toastError } from "@/ui/toast";
import { useOwners } from "./CataloguePage";
import { LineageSection } from "./LineageSection";
import { Marks } from "./Marks";
import { type MetricText, useMetricText } from "./text";

interface Props {
  name: string;
  onEdit: () => void;
  onLeave: () => void;
}

export function MetricPage({ name, onEdit, onLeave }: Props) {
  const common = useCommon();
  const query = useQuery(metricQuery(name));
  if (query.isPending) {
    return (
      <PageFrame title={<Skeleton h={28} w={220} />}>
        <Skeleton h={320} radius="lg" />
      </PageFrame>
    );
  }
  if (query.isError) {
    return (
      <PageFrame title={common.metrics}>
        <ErrorNote error={query.error} onRetry={() => query.refetch()} />
      </PageFrame>
    );
  }
  return <Loaded metric={query.data} onEdit={onEdit} onLeave={onLeave} />;
}

function Loaded({ metric, onEdit, onLeave }: { metric: Metric } & Omit<Props, "name">) {
  const common = useCommon();
  const t = useMetricText();
  const client = useQueryClient();
  const ownerOf = useOwners();
  const remove = useMutation({
    mutationFn: () => deleteMetric(metric.id),
    onSuccess: async () => {
      onLeave();
      toast({ message: t.wasRemoved(metric.name) });
      await client.invalidateQueries({ queryKey: keys.metrics });
    },
  });
  const change = useMutation({
    mutationFn: (body: MetricInput) => saveMetric(metric.id, body),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.metrics }),
    onError: toastError,
  });
  const ask = () =>
    confirmDanger({
      title: t.removeTitle(metric.label || metric.name),
      message: t.removeWhy,
      onConfirm: () => remove.mutate(),
    });
  return (
    <PageFrame
      tabTitle={metric.label || metric.name}
      title={
        <Group gap="sm">
          {metric.label || metric.name}
          <Marks metric={metric} />
        </Group>
      }
      subtitle={
        <>
          <Link to="/catalogue" className="t-link">
            {common.metrics}
          </Link>
          {" · "}
          <code>{metric.name}</code>
          {` · ${t.type[metric.type]} · ${t.owner}: ${ownerOf(metric)}`}
        </>
      }
      actions={
        metric.can_edit && (
          <>
            {metric.status === "draft" && (
              <Button
                variant="default"
                leftSection={<IconSend size={16} />}
                loading={change.isPending}
                onClick={() => change.mutate({ status: "published" })}
              >
                {t.publish}
              </Button>
            )}
            <Button leftSection={<IconPencil size={16} />} onClick={onEdit}>
              {common.edit}
            </Button>
            <OwnerMenu metric={metric} onChange={change.mutate} onDelete={ask} />
          </>
        )
      }
    >
      {remove.isError && <NotDeleted error={remove.error} onClose={remove.reset} />}
      {metric.description && (
        <Text mb="lg" maw={720} style={{ whiteSpace: "pre-line" }}>
          {metric.description}
        </Text>
      )}
      <Section title={t.definition}>
        <Definition metric={metric} />
      </Section>
      <LineageSection metric={metric} />
    </PageFrame>
  );
}

function OwnerMenu({
  metric,
  onChange,
  onDelete,
}: {
  metric: Metric;
  onChange: (change: MetricInput) => void;
  onDelete: () => void;
}) {
  const common = useCommon();
  const t = useMetricText();
  const { data: me } = useQuery(meQuery);
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label={common.more}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {metric.status !== "published" && (
          <Menu.Item leftSection={<IconSend size={16} />} onClick={() => onChange({ status: "published" })}>
            {t.publish}
          </Menu.Item>
        )}
        {metric.status !== "draft" && (
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => onChange({ status: "draft" })}>
            {t.toDraft}
          </Menu.Item>
        )}
        {metric.status !== "deprecated" && (
          <Menu.Item
            leftSection={<IconArchive size={16} />}
            onClick={() => onChange({ status: "deprecated" })}
          >
            {t.deprecate}
          </Menu.Item>
        )}
        {me?.role === "admin" && (
          <Menu.Item
            leftSection={<IconRosetteDiscountCheck size={16} />}
            onClick={() => onChange({ certified: !metric.certified })}
          >
            {metric.certified ? t.uncertify : t.certify}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={onDelete}>
          {common.delete}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Most often: something still uses it, and the sentence names it. */
function NotDeleted({ error, onClose }: { error: unknown; onClose: () => void }) {
  const t = useMetricText();
  if (!(error instanceof ApiError) || error.status !== 409) return <ErrorNote error={error} />;
  return (
    <Alert
      color="yellow"
      variant="light"
      mb="md"
      role="alert"
      icon={<IconLinkOff size={18} />}
      title={t.inUse}
      withCloseButton
      onClose={onClose}
    >
      {sentenceOf(error)}
    </Alert>
  );
}

function Definition({ metric }: { metric: Metric }) {
  const t = useMetricText();
  const { data: sources = [] } = useQuery(datasourcesQuery);
  const source = sources.find((one) => one.id === metric.datasource_id);
  const measured = metric.formula ?? metric.expression;
  const base = metric.sql ?? [metric.schema, metric.table].filter(Boolean).join(".");
  return (
    <>
      <Fact label={t.measured}>
        {measured ? (
          <Sql>{measured}</Sql>
        ) : (
          <Text size="sm" c="dimmed">
            {t.sqlHidden}
          </Text>
        )}
      </Fact>
      {base && (
        <Fact label={t.over}>
          <Sql>{base}</Sql>
          {(metric.joins ?? []).map((join) => (
            <Sql key={join.alias ?? join.table}>
              {`JOIN ${join.table}${join.alias ? ` ${join.alias}` : ""} ON ${join.on}  -- ${t.cardinality[join.cardinality]}`}
            </Sql>
          ))}
        </Fact>
      )}
      {source && (
        <Fact label={t.datasource}>
          <Link to="/datasources/$id" params={{ id: source.id }} className="t-link">
            {source.name}
          </Link>
        </Fact>
      )}
      {(metric.filters ?? []).length > 0 && (
        <Fact label={t.filters}>
          {metric.filters?.map((rule) => (
            <Sql key={JSON.stringify(rule)}>{ruleText(rule)}</Sql>
          ))}
        </Fact>
      )}
      {metric.formula === null && (
        <Fact label={t.timeColumn}>
          <Text size="sm">
            {metric.time_column ?? t.noTime}
            {metric.time_column && metric.grains.length < GRAINS.length
              ? ` (${metric.grains.map((grain) => t.grain[grain]).join(", ")})`
              : ""}
          </Text>
        </Fact>
      )}
      {metric.dimensions.length > 0 && (
        <Fact label={t.dimensions}>
          <Group gap={6}>
            {metric.dimensions.map((one) => (
              <Badge
                key={one.name}
                variant="default"
                tt="none"
                fw={500}
                title={one.sql ?? [one.join, one.column ?? one.name].filter(Boolean).join(".")}
              >
                {one.label || one.name}
              </Badge>
            ))}
          </Group>
        </Fact>
      )}
      {formatText(metric, t) !== "" && (
        <Fact label={t.format}>
          <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
            {formatText(metric, t)}
          </Text>
        </Fact>
      )}
      {metric.synonyms.length > 0 && (
        <Fact label={t.synonyms}>
          <Text size="sm">{metric.synonyms.join(", ")}</Text>
        </Fact>
      )}
    </>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div
      style={{
        display: "grid",
        gap: "4px 20px",
        gridTemplateColumns: "repeat(auto-fit, minmax(min(170px, 100%), 1fr))",
        padding: "8px 0",
      }}
    >
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <div style={{ gridColumn: "span 3", minWidth: 0 }}>{children}</div>
    </div>
  );
}

export function Sql({ children }: { children: string }) {
  return (
    <pre
      style={{
        margin: 0,
        fontFamily: "var(--mantine-font-family-monospace)",
        fontSize: 13,
        lineHeight: 1.6,
        whiteSpace: "pre-wrap",
        overflowWrap: "anywhere",
      }}
    >
      {children}
    </pre>
  );
}

export function ruleText({ field, operator, values, sql }: NonNullable<Metric["filters"]>[number]): string {
  return sql ?? [field, operator, (values ?? []).map(String).join(", ")].filter(Boolean).join(" ");
}

function formatText({ format }: Metric, t: MetricText): string {
  const { valueFormat, currency, prefix, suffix } = format;
  const name = valueFormat ? (t.formats[valueFormat as keyof MetricText["formats"]] ?? valueFormat) : null;
  const around = prefix || suffix ? `${prefix ?? ""}…${suffix ?? ""}` : null;
  return [name, currency, around].filter(Boolean).join(", ");
}
