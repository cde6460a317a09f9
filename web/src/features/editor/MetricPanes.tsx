/** What a tile asks of metrics, chosen instead of written; beside it, the SQL that this becomes. */

import {
  ActionIcon,
  Button,
  Group,
  Input,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop, IconPlus, IconX } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { sentenceOf } from "@/api/client";
import { keys } from "@/api/keys";
import { dashboardQuery } from "@/api/queries/dashboards";
import {
  COMPARISONS,
  compileMetrics,
  GRAINS,
  type Metric,
  type MetricQuery,
  metricsQuery,
  namedIn,
} from "@/api/queries/metrics";
import type { ChartConfig } from "@/api/types";
import { isNothing, readFilters } from "@/interaction/filters";
import { isSame } from "../history";
import type { TileDraft } from "./draft";
import classes from "./editor.module.css";
import { useEditorText } from "./messages";
import { useMetricText } from "./metricText";

const OPERATORS = ["eq", "neq", "in", "not_in", "gt", "gte", "lt", "lte", "is_null", "not_null"] as const;
const NAMELESS = ["is_null", "not_null"];

interface Props {
  dashboardId: string;
  draft: TileDraft;
  query: NonNullable<TileDraft["metric_query"]>;
  run: () => void;
  isRunning: boolean;
  cancel: () => void;
  onChange: (changes: Partial<TileDraft>) => void;
}

export function MetricPanes({ dashboardId, draft, query: given, run, isRunning, cancel, onChange }: Props) {
  const text = useEditorText();
  const t = useMetricText();
  const query = given as unknown as MetricQuery;
  const { data: all = [] } = useQuery(metricsQuery);
  const isReady = query.metrics.length > 0;
  const bounds = useBounds(dashboardId);
  useFormat(draft, query, all, onChange);
  const compiled = useQuery({
    queryKey: [...keys.metrics, "compiled", query, bounds],
    queryFn: ({ signal }) => compileMetrics(query, bounds, signal),
    enabled: isReady,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const sourceId = compiled.data?.datasource_id;
  useEffect(() => {
    if (sourceId) onChange({ datasource_id: sourceId, catalog: null, schema: null });
  }, [sourceId, onChange]);
  const change = (changes: Partial<MetricQuery>) => {
    const next = Object.entries({ ...query, ...changes }).filter(([, value]) => value !== null);
    onChange({ metric_query: Object.fromEntries(next) });
  };
  const toSql = (sql: string) => onChange({ metric_query: null, query: sql });
  const sql = isReady ? (compiled.data?.sql ?? "") : "";
  return (
    <>
      <section className={classes.source} aria-label={t.pane} style={{ overflow: "auto", padding: 12 }}>
        <Choices query={query} all={all} columns={compiled.data?.columns ?? []} onChange={change} />
      </section>
      <section className={classes.query} aria-label={t.sql}>
        <div className={classes.queryBar}>
          <Button
            size="xs"
            leftSection={<IconPlayerPlay size={14} />}
            onClick={run}
            disabled={!isReady || isRunning}
          >
            {text.run}
          </Button>
          {isRunning && (
            <Button size="xs" variant="default" leftSection={<IconPlayerStop size={14} />} onClick={cancel}>
              {text.cancelRun}
            </Button>
          )}
          <Button size="xs" variant="default" onClick={() => toSql(sql)}>
            {sql ? t.takeSql : t.backToSql}
          </Button>
          <Text size="xs" c="dimmed" className={classes.hint}>
            {t.hint}
          </Text>
        </div>
        <div className={classes.sql} style={{ overflow: "auto", padding: "10px 14px" }}>
          {isReady && compiled.isError ? (
            <Text size="sm" c="var(--t-bad)" role="alert">
              {sentenceOf(compiled.error)}
            </Text>
          ) : (
            <pre
              // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
              tabIndex={0}
              style={{
                margin: 0,
                color: "var(--t-muted)",
                fontFamily: "var(--mantine-font-family-monospace)",
                fontSize: 13,
                lineHeight: 1.6,
                whiteSpace: "pre-wrap",
              }}
            >
              {compiled.data?.sql === null && isReady ? t.sqlHidden : sql}
            </pre>
          )}
        </div>
      </section>
    </>
  );
}

interface ChoicesProps {
  query: MetricQuery;
  all: readonly Metric[];
  columns: readonly string[];
  onChange: (changes: Partial<MetricQuery>) => void;
}

function Choices({ query, all, columns, onChange }: ChoicesProps) {
  const t = useMetricText();
  const chosen = new Set(query.metrics);
  const dimensions = sharedBy(query.metrics, all, dimensionsOf);
  const grains = sharedBy(query.metrics, all, grainsOf);
  const [order] = query.order_by ?? [];
  return (
    <Stack gap="sm">
      <MultiSelect
        size="xs"
        label={t.metrics}
        placeholder={chosen.size === 0 ? t.chooseMetrics : undefined}
        data={all
          .filter((one) => one.status !== "deprecated" || chosen.has(one.name))
          .map((one) => ({
            value: one.name,
            label: `${one.label || one.name}${one.status === "deprecated" ? ` (${t.deprecated})` : ""}`,
          }))}
        value={query.metrics}
        onChange={(metrics) => onChange({ metrics })}
        searchable
      />
      <MultiSelect
        size="xs"
        label={t.dimensions}
        placeholder={chosen.size > 0 && dimensions.length === 0 ? t.noDimensions : undefined}
        data={[...new Set([...dimensions, ...(query.dimensions ?? [])])]}
        value={query.dimensions ?? []}
        onChange={(names) => onChange({ dimensions: names })}
        disabled={chosen.size === 0}
        searchable
      />
      <Select
        size="xs"
        label={t.grain}
        placeholder={t.noGrain}
        data={GRAINS.filter((one) => grains.includes(one) || one === query.time_grain).map((one) => ({
          value: one,
          label: t.grains[one],
        }))}
        value={query.time_grain ?? null}
        onChange={(grain) => onChange({ time_grain: GRAINS.find((one) => one === grain) ?? null })}
        disabled={chosen.size === 0}
        clearable
      />
      <Conditions query={query} fields={dimensions} onChange={onChange} />
      <Group gap="xs" grow align="flex-end">
        <Select
          size="xs"
          label={t.order}
          placeholder={t.usualOrder}
          data={[...new Set([...columns, order?.field].filter((one): one is string => Boolean(one)))]}
          value={order?.field ?? null}
          onChange={(field) =>
            onChange({ order_by: field ? [{ field, direction: order?.direction ?? "desc" }] : [] })
          }
          clearable
        />
        {order && (
          <Select
            size="xs"
            aria-label={t.order}
            data={[
              { value: "desc", label: t.descending },
              { value: "asc", label: t.ascending },
            ]}
            value={order.direction}
            onChange={(way) =>
              onChange({ order_by: [{ ...order, direction: way === "asc" ? "asc" : "desc" }] })
            }
            allowDeselect={false}
          />
        )}
      </Group>
      <Select
        size="xs"
        label={t.compare}
        placeholder={t.noCompare}
        data={COMPARISONS.map((one) => ({ value: one, label: t.comparisons[one] }))}
        value={query.compare ?? null}
        onChange={(compare) => onChange({ compare: COMPARISONS.find((one) => one === compare) ?? null })}
        clearable
      />
      <NumberInput
        size="xs"
        label={t.limit}
        min={1}
        max={100_000}
        allowDecimal={false}
        value={query.limit ?? ""}
        onChange={(limit) => onChange({ limit: typeof limit === "number" ? limit : null })}
      />
    </Stack>
  );
}

type Condition = NonNullable<MetricQuery["filters"]>[number];

/** A condition while it is written: part of the query as soon as it has a value. */
interface Row extends Condition {
  id: number;
  text: string;
}

function Conditions({
  query,
  fields,
  onChange,
}: {
  query: MetricQuery;
  fields: readonly string[];
  onChange: ChoicesProps["onChange"];
}) {
  const t = useMetricText();
  const [rows, setRows] = useState<readonly Row[]>(() =>
    (query.filters ?? []).map((one, id) => ({ ...one, id, text: one.values.join(", ") })),
  );
  const put = (next: readonly Row[]) => {
    setRows(next);
    const filters = next.filter(isWhole).map(({ field, operator, values }) => ({ field, operator, values }));
    if (!isSame(filters, query.filters ?? [])) onChange({ filters });
  };
  const set = (id: number, change: Partial<Row>) =>
    put(rows.map((one) => (one.id === id ? { ...one, ...change } : one)));
  const type = (id: number, text: string) =>
    setRows(rows.map((one) => (one.id === id ? { ...one, text } : one)));
  const take = ({ id, operator, text, values }: Row) => {
    if (text !== values.join(", ")) set(id, { values: valuesFor(operator, text) });
  };
  const [first] = fields;
  const add = (field: string) => {
    const id = Math.max(-1, ...rows.map((one) => one.id)) + 1;
    setRows([...rows, { id, field, operator: "in", values: [], text: "" }]);
  };
  return (
    <Input.Wrapper size="xs" label={t.filters} labelElement="div">
      {rows.map((one) => (
        <div key={one.id} style={CONDITION}>
          <Select
            size="xs"
            aria-label={t.filters}
            data={[...new Set([...fields, one.field])]}
            value={one.field}
            onChange={(field) => field && set(one.id, { field })}
            allowDeselect={false}
          />
          <Select
            size="xs"
            aria-label={one.field}
            data={OPERATORS.map((operator) => ({ value: operator, label: t.operators[operator] }))}
            value={one.operator}
            onChange={(operator) =>
              operator && set(one.id, { operator, values: valuesFor(operator, one.text) })
            }
            allowDeselect={false}
          />
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-label={t.removeFilter}
            onClick={() => put(rows.filter(({ id }) => id !== one.id))}
          >
            <IconX size={14} />
          </ActionIcon>
          {!NAMELESS.includes(one.operator) && (
            <TextInput
              size="xs"
              style={{ gridColumn: "1 / 3" }}
              aria-label={t.value}
              placeholder={t.value}
              value={one.text}
              onChange={(event) => type(one.id, event.currentTarget.value)}
              onBlur={() => take(one)}
              onKeyDown={(event) => event.key === "Enter" && take(one)}
            />
          )}
        </div>
      ))}
      {first && (
        <Button
          mt={4}
          size="compact-xs"
          variant="subtle"
          leftSection={<IconPlus size={13} />}
          onClick={() => add(first)}
        >
          {t.addFilter}
        </Button>
      )}
    </Input.Wrapper>
  );
}

/** Column and operator side by side, the value beneath them: the pane is narrow. */
const CONDITION = {
  display: "grid",
  gap: 4,
  gridTemplateColumns: "1fr 1fr auto",
  alignItems: "center",
  marginTop: 6,
} as const;

function isWhole({ operator, values }: Condition): boolean {
  return NAMELESS.includes(operator) || (values.length > 0 && values.every((one) => one !== ""));
}

/** Whether a view of the dashboard always has a date range: only then can SQL name its ends. */
function useBounds(dashboardId: string): boolean {
  const { data: dashboard } = useQuery({ ...dashboardQuery(dashboardId), enabled: false });
  return readFilters(dashboard?.filters ?? []).some(
    (one) => one.type === "date_range" && !isNothing(one.default),
  );
}

/** A number is shown as its metric says, where the author says nothing else. */
function useFormat(
  draft: TileDraft,
  query: MetricQuery,
  all: readonly Metric[],
  onChange: Props["onChange"],
): void {
  const shown = draft.tile_type === "kpi" ? query.metrics[0] : undefined;
  const last = useRef(shown);
  useEffect(() => {
    if (shown === last.current) return;
    const formatOf = (name?: string) => all.find((one) => one.name === name)?.format;
    const format = formatOf(shown);
    if (shown && !format) return;
    if (format)
      onChange({ chart_config: formatted(draft.chart_config, format, formatOf(last.current) ?? {}) });
    last.current = shown;
  }, [shown, all, draft.chart_config, onChange]);
}

const FORMAT = ["valueFormat", "currency", "decimals", "prefix", "suffix"] as const;

/** The config with a metric's format where it has none of its own. before: the format of the metric that it had. */
export function formatted(
  config: ChartConfig,
  format: Metric["format"],
  before: Metric["format"] = {},
): ChartConfig {
  const next = { ...config };
  for (const key of FORMAT) {
    const own = next[key] ?? "";
    if (own === "" || own === before[key]) next[key] = format[key] as ChartConfig[typeof key];
  }
  return next;
}

/** The values of a condition as the operator takes them. */
export function valuesFor(operator: string, text: string): unknown[] {
  if (NAMELESS.includes(operator)) return [];
  if (operator !== "in" && operator !== "not_in") return [scalarOf(text)];
  return text
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(scalarOf);
}

function scalarOf(text: string): string | number {
  const plain = text.trim();
  return /^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(plain) ? Number(plain) : plain;
}

type Of = (metric: Metric) => readonly string[];
const dimensionsOf: Of = (metric) => metric.dimensions.map((one) => one.name);
const grainsOf: Of = (metric) => (metric.time_column ? metric.grains : []);

/** What all of the metrics have, in the order of the first; a formula has what those it names share. */
export function sharedBy(names: readonly string[], all: readonly Metric[], of: Of, depth = 0): string[] {
  const each = names.map((name) => {
    const metric = all.find((one) => one.name === name);
    if (!metric || depth > 20) return [];
    return metric.formula === null ? of(metric) : sharedBy(namedIn(metric.formula), all, of, depth + 1);
  });
  const [first = [], ...others] = each;
  return first.filter((one) => others.every((list) => list.includes(one)));
}
