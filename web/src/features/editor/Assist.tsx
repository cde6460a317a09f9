/** SQL written for the author: a query from words, the rows behind a click, the period before, levels, an audit. */

import { Alert, Button, Group, Modal, Select, Stack, Text, Textarea } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { isAbort, post, sentenceOf } from "@/api/client";
import type { ChartConfig } from "@/api/types";
import { useAssistText } from "./assistText";
import type { TileDraft } from "./draft";
import { withLevels } from "./levels";

const LINES = { margin: 0, paddingLeft: 18, fontSize: 14 };
const SQL = {
  overflow: "auto",
  maxHeight: 320,
  margin: 0,
  padding: "10px 12px",
  borderRadius: 8,
  background: "var(--t-ground)",
  fontFamily: "var(--mantine-font-family-monospace)",
  fontSize: 12.5,
} as const;

const KINDS = ["main", "detail", "comparison", "drill", "cross_filter"] as const;
type Kind = (typeof KINDS)[number];

interface Generated {
  sql: string;
  warnings?: string[];
  notes?: string[];
  suggested_levels?: { field: string; label: string }[];
}

interface Props {
  dashboardId: string;
  draft: TileDraft;
  onChange: (changes: Partial<TileDraft>) => void;
  onClose: () => void;
}

export function Assist({ dashboardId, draft, onChange, onClose }: Props) {
  const t = useAssistText();
  const hasQuery = (draft.query ?? "").trim() !== "";
  const [kind, setKind] = useState<Kind>("main");
  const [prompt, setPrompt] = useState("");
  const [made, setMade] = useState<Generated | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isWriting, setWriting] = useState(false);
  const asking = useRef<AbortController | null>(null);
  useEffect(() => () => asking.current?.abort(), []);
  const needs = kind === "main" ? prompt.trim() === "" : !hasQuery;
  const write = async () => {
    asking.current?.abort();
    const mine = new AbortController();
    asking.current = mine;
    setWriting(true);
    setProblem(null);
    setMade(null);
    try {
      const body = {
        prompt,
        query_kind: kind,
        main_query: kind === "main" ? "" : draft.query,
        datasource_id: draft.datasource_id,
        catalog: draft.catalog,
        schema: draft.schema,
      };
      setMade(
        await post<Generated>(`/api/dashboards/${dashboardId}/tiles/new/generate-sql`, body, {
          signal: mine.signal,
        }),
      );
    } catch (error) {
      if (!isAbort(error)) setProblem(sentenceOf(error));
    } finally {
      if (asking.current === mine) setWriting(false);
    }
  };
  const use = () => {
    if (!made) return;
    onChange(usedIn(draft, kind, made));
    onClose();
  };
  // Escape closes this window alone; in the editor it has a meaning of its own.
  const leave = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.title}
      size="min(760px, 94vw)"
      closeOnEscape={false}
      onKeyDown={leave}
    >
      <Stack gap="sm">
        <Select
          label={t.what}
          value={kind}
          onChange={(value) => {
            setKind(KINDS.find((one) => one === value) ?? "main");
            setMade(null);
            setProblem(null);
          }}
          data={KINDS.map((one) => ({ value: one, label: t.kinds[one] }))}
          allowDeselect={false}
        />
        {kind === "main" ? (
          <Textarea
            label={t.words}
            description={t.wordsHint}
            value={prompt}
            onChange={(event) => setPrompt(event.currentTarget.value)}
            maxLength={4000}
            rows={2}
            data-autofocus
          />
        ) : (
          <Text size="sm" c="dimmed">
            {hasQuery ? t.hints[kind] : t.needsQuery}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={write} loading={isWriting} disabled={needs}>
            {kind === "cross_filter" ? t.check : t.write}
          </Button>
        </Group>
        <div role="status" aria-live="polite">
          {problem && <Alert color="red">{problem}</Alert>}
          {made && <Result made={made} kind={kind} />}
        </div>
        {made?.sql && kind !== "cross_filter" && (
          <Group justify="flex-end">
            <Button onClick={use}>{made.suggested_levels?.length ? t.useWithLevels : t.use}</Button>
          </Group>
        )}
      </Stack>
    </Modal>
  );
}

function Result({ made, kind }: { made: Generated; kind: Kind }) {
  const t = useAssistText();
  const levels = made.suggested_levels ?? [];
  const warnings = made.warnings ?? [];
  return (
    <Stack gap="xs">
      {kind === "cross_filter" && warnings.length === 0 && <Alert color="green">{t.fine}</Alert>}
      {warnings.length > 0 && (
        <Alert color="yellow">
          <ul style={LINES}>
            {warnings.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </Alert>
      )}
      {made.sql && kind !== "cross_filter" && <pre style={SQL}>{made.sql}</pre>}
      {levels.length > 0 && (
        <Text size="sm">
          {t.levels}: {levels.map((level) => level.label).join(" › ")}
        </Text>
      )}
      {(made.notes ?? []).map((note) => (
        <Text key={note} size="xs" c="dimmed">
          {note}
        </Text>
      ))}
    </Stack>
  );
}

/** What changes in the tile when its author takes the SQL. */
export function usedIn(draft: TileDraft, kind: Kind, made: Generated): Partial<TileDraft> {
  if (kind === "detail") return { chart_config: { ...draft.chart_config, detail_query: made.sql } };
  if (kind !== "drill") return { query: made.sql };
  const levels = (made.suggested_levels ?? []).map(({ field, label }) => ({ id_column: field, label }));
  const chart_config: ChartConfig =
    levels.length > 0 ? withLevels(draft.chart_config, levels) : draft.chart_config;
  return { query: made.sql, chart_config };
}
