/** By how much the numbers of tiles move. */

import { Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { UsedBy } from "@/api/queries/metrics";
import { numberFormat } from "@/lib/format";
import { useMetricText } from "./text";

export function Impact({ uses }: { uses: readonly UsedBy[] }) {
  const t = useMetricText();
  return (
    <Table.ScrollContainer minWidth={420} maxHeight={340}>
      <Table fz="sm" verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t.tile}</Table.Th>
            <Table.Th ta="right">{t.before}</Table.Th>
            <Table.Th ta="right">{t.after}</Table.Th>
            <Table.Th ta="right">{t.change}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {uses.map((use) => (
            <Table.Tr key={use.tile_id}>
              <Table.Td>
                <Link to="/dashboards/$id" params={{ id: use.dashboard_id }} className="t-link">
                  {use.title}
                </Link>
                <Text size="xs" c="dimmed">
                  {use.dashboard_name}
                </Text>
              </Table.Td>
              {use.error || use.not_computed ? (
                <Table.Td colSpan={3} c="dimmed">
                  {use.error ?? t.notComputed}
                </Table.Td>
              ) : (
                <>
                  <Table.Td ta="right" className="tnum">
                    {amount(use.before)}
                  </Table.Td>
                  <Table.Td ta="right" className="tnum">
                    {amount(use.after)}
                  </Table.Td>
                  <Table.Td ta="right" className="tnum" fw={use.change ? 600 : undefined}>
                    {use.before === use.after ? t.unchanged : percent(use.change)}
                  </Table.Td>
                </>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function amount(value: number | null): string {
  return value === null ? "–" : numberFormat({ maximumFractionDigits: 4 }).format(value);
}

function percent(change: number | null): string {
  if (change === null) return "–";
  return numberFormat({ style: "percent", maximumFractionDigits: 1, signDisplay: "exceptZero" }).format(
    change,
  );
}
