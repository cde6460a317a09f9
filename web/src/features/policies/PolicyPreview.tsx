/** What the policy leaves of its table for somebody: tried on the server while it is written. */

import { Skeleton, Table, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sentenceOf } from "@/api/client";
import { keys } from "@/api/keys";
import { meQuery } from "@/api/queries/auth";
import { type PolicyInput, type PolicyPreview as Preview, previewPolicy } from "@/api/queries/policies";
import { PersonSelect } from "@/ui/PersonSelect";
import { tidied } from "./draft";
import { usePolicyText } from "./text";

export function PolicyPreview({ draft }: { draft: PolicyInput }) {
  const t = usePolicyText();
  const { data: me } = useQuery(meQuery);
  const [chosen, setChosen] = useState<string | null>(null);
  const userId = chosen ?? me?.id ?? null;
  const [asked] = useDebouncedValue(
    { ...tidied(draft), name: draft.name.trim() || "preview", user_id: userId },
    400,
  );
  const isReady = asked.table !== "" && asked.user_id !== null;
  const found = useQuery({
    queryKey: [...keys.policies, "preview", { ...asked, name: "" }],
    queryFn: ({ signal }) => previewPolicy(asked, signal),
    enabled: isReady,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
  return (
    <section
      aria-label={t.preview}
      style={{
        minWidth: 0,
        padding: 16,
        border: "1px solid var(--t-line)",
        borderRadius: 12,
        background: "var(--t-ground)",
      }}
    >
      <Text fw={560} size="sm">
        {t.preview}
      </Text>
      <Text size="xs" c="dimmed" mb="sm">
        {t.previewWhy}
      </Text>
      <PersonSelect
        label={t.person}
        placeholder={t.choosePerson}
        value={userId}
        current={me ? { id: me.id, name: me.name, email: me.email } : undefined}
        onChange={setChosen}
      />
      <div role="status" aria-live="polite" style={{ marginTop: 12 }}>
        {!isReady && (
          <Text size="sm" c="dimmed">
            {t.previewNeeds}
          </Text>
        )}
        {isReady && found.isPending && <Skeleton h={120} radius="md" />}
        {isReady && found.isError && (
          <Text size="sm" c="var(--t-bad)" role="alert">
            {sentenceOf(found.error)}
          </Text>
        )}
        {isReady && found.data && !found.isError && (
          <Rows seen={found.data} draft={asked} isOld={found.isPlaceholderData} />
        )}
      </div>
    </section>
  );
}

function Rows({ seen, draft, isOld }: { seen: Preview; draft: PolicyInput; isOld: boolean }) {
  const t = usePolicyText();
  const columns = touchedFirst(seen.columns, draft);
  return (
    <div style={{ opacity: isOld ? 0.6 : 1 }}>
      <Text fw={620} className="tnum" data-testid="policy-rows">
        {t.seen(seen.rows_after, seen.rows_before)}
      </Text>
      <Bar part={seen.rows_before > 0 ? seen.rows_after / seen.rows_before : 0} />
      <Text size="xs" c="dimmed" my={6}>
        {seen.rows.length === 0 ? t.noRows : seen.sentence}
      </Text>
      {seen.rows.length > 0 && (
        <div style={{ overflow: "auto", maxHeight: 320 }}>
          <Table fz={12} verticalSpacing={3} horizontalSpacing={8} withRowBorders>
            <Table.Thead>
              <Table.Tr>
                {columns.map((column) => (
                  <Table.Th key={column} c={column in draft.masks ? "var(--t-warn)" : undefined}>
                    {column}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {seen.rows.map((row, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows of a sample have no name
                <Table.Tr key={index}>
                  {columns.map((column) => (
                    <Table.Td key={column} style={{ whiteSpace: "nowrap" }}>
                      {cell(row[column])}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </div>
  );
}

/** The part that is left, as a bar. */
function Bar({ part }: { part: number }) {
  return (
    <div
      aria-hidden="true"
      style={{ overflow: "hidden", height: 6, marginTop: 4, borderRadius: 3, background: "var(--t-line)" }}
    >
      <div style={{ width: `${part * 100}%`, height: "100%", background: "var(--t-accent)" }} />
    </div>
  );
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "–";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** What the policy speaks of comes first, so that it is seen without scrolling. */
export function touchedFirst(
  columns: readonly string[],
  draft: Pick<PolicyInput, "masks" | "predicate">,
): string[] {
  const words = new Set(draft.predicate.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_]*/gu));
  const isTouched = (column: string) => column in draft.masks || words.has(column.toLowerCase());
  return columns.toSorted((a, b) => Number(isTouched(b)) - Number(isTouched(a)));
}
