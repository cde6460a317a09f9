/** What the model has cost: today against the budgets, and each day as a bar or a line of a table. */

import { SegmentedControl, Skeleton, Switch, Table, Text, useComputedColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { modelUsageQuery } from "@/api/queries/models";
import type { ModelUsage } from "@/api/types";
import { dateFormat, formatInteger } from "@/lib/format";
import { useLocale } from "@/lib/locale";
import { ErrorNote } from "@/ui/ErrorNote";
import { Section } from "@/ui/Section";
import { useModelText } from "./text";
import { type Day, everyDay } from "./usage";

const Chart = lazy(() => import("@/charts/Chart").then((module) => ({ default: module.Chart })));

const DAYS = 30;
type Measure = "requests" | "tokens";

export function UsageSection() {
  const t = useModelText();
  const { data, error, refetch } = useQuery(modelUsageQuery(DAYS));
  return (
    <Section title={t.usage} subtitle={t.usageWhy}>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton h={220} />}
      {data && <Usage usage={data} />}
    </Section>
  );
}

function Usage({ usage }: { usage: ModelUsage }) {
  const t = useModelText();
  const [measure, setMeasure] = useState<Measure>("requests");
  const [asTable, setAsTable] = useState(false);
  const days = useMemo(() => everyDay(usage.days, Date.now(), DAYS), [usage]);
  const today = days.at(-1);
  if (usage.days.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t.noUsage}
      </Text>
    );
  }
  return (
    <>
      <Text size="sm" mb="md">
        <b>{t.today}:</b>{" "}
        {t.requestsOf(formatInteger(today?.requests ?? 0), formatInteger(usage.requests_per_day))}
        {", "}
        {t.tokensOf(formatInteger(today?.tokens ?? 0), formatInteger(usage.tokens_per_day))}
      </Text>
      <div style={BAR}>
        <SegmentedControl
          size="xs"
          aria-label={t.show}
          data={MEASURES.map((value) => ({ value, label: t.measures[value] }))}
          value={measure}
          onChange={setMeasure}
          disabled={asTable}
        />
        <Switch
          size="xs"
          label={t.asTable}
          checked={asTable}
          onChange={(event) => setAsTable(event.currentTarget.checked)}
        />
      </div>
      {asTable ? <Days days={days} /> : <Bars days={days} measure={measure} />}
    </>
  );
}

const MEASURES: readonly Measure[] = ["requests", "tokens"];
const BAR = { display: "flex", flexWrap: "wrap", alignItems: "center", gap: 16, marginBottom: 12 } as const;

function Bars({ days, measure }: { days: Day[]; measure: Measure }) {
  const t = useModelText();
  const locale = useLocale();
  const theme = useComputedColorScheme("light");
  const label = t.measures[measure];
  const table = useMemo(
    () => ({
      columns: ["day", label],
      rows: days.map((day) => ({ day: day.day, [label]: day[measure] })),
      types: { day: "date", [label]: "int" },
    }),
    [days, label, measure],
  );
  const config = useMemo(() => ({ xField: "day", yField: label, showLegend: false }), [label]);
  return (
    <div style={{ height: 220 }}>
      <Suspense fallback={<Skeleton h={220} />}>
        <Chart
          type="bar"
          table={table}
          config={config}
          ctx={{ theme, locale, timeZone: "UTC" }}
          title={label}
          problem={(_, retry) => (
            <button type="button" className="t-link" onClick={retry}>
              {t.usage}
            </button>
          )}
        />
      </Suspense>
    </div>
  );
}

function Days({ days }: { days: Day[] }) {
  const t = useModelText();
  return (
    <Table verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t.day}</Table.Th>
          <Table.Th ta="right">{t.measures.requests}</Table.Th>
          <Table.Th ta="right">{t.measures.tokens}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {days
          .filter((day) => day.requests > 0 || day.tokens > 0)
          .reverse()
          .map((day) => (
            <Table.Tr key={day.day}>
              <Table.Td>
                {dateFormat({ dateStyle: "medium", timeZone: "UTC" }).format(Date.parse(day.day))}
              </Table.Td>
              <Table.Td ta="right" className="tnum">
                {formatInteger(day.requests)}
              </Table.Td>
              <Table.Td ta="right" className="tnum">
                {formatInteger(day.tokens)}
              </Table.Td>
            </Table.Tr>
          ))}
      </Table.Tbody>
    </Table>
  );
}
