/** Up to three ways to draw the rows that are there, each with its reason; taking one can be undone. */

import { Button, Group, Loader, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { isAbort, post } from "@/api/client";
import type { ChartConfig, TileData } from "@/api/types";
import { CHARTS } from "@/charts/registry";
import { ErrorNote } from "@/ui/ErrorNote";
import { IconButton } from "@/ui/IconButton";
import { fieldsOf, isColumnField, type Look, lookOf, type TileDraft, withLook } from "./draft";
import { ICONS } from "./icons";
import { useEditorText } from "./messages";
import { useSuggestText } from "./suggestText";

export interface Suggestion {
  tile_type: TileDraft["tile_type"];
  chart_type: TileDraft["chart_type"];
  chart_config: ChartConfig;
  why: string;
}

interface Props {
  dashboardId: string;
  draft: TileDraft;
  data: TileData;
  onChange: (changes: Partial<TileDraft>) => void;
  onClose: () => void;
}

type Drawn = Pick<TileDraft, "tile_type" | "chart_type" | "chart_config">;

/** Enough to know what rows are like. */
const SAMPLE = 1000;
const BOX = { padding: "10px 12px", border: "1px solid var(--t-line)", borderRadius: 10 } as const;
const CHOICE = { ...BOX, display: "flex", gap: 10, alignItems: "flex-start", padding: "8px 10px" } as const;

export function Suggest({ dashboardId, draft, data, onChange, onClose }: Props) {
  const t = useSuggestText();
  const { suggestions, error } = useSuggested(dashboardId, data);
  const [before, setBefore] = useState<Drawn | null>(null);
  const [taken, setTaken] = useState<number | null>(null);
  const take = (at: number, one: Suggestion) => {
    const { tile_type, chart_type, chart_config } = draft;
    setBefore((old) => old ?? { tile_type, chart_type, chart_config });
    setTaken(at);
    onChange(taking(draft, one));
  };
  const undo = () => {
    if (before) onChange(before);
    setBefore(null);
    setTaken(null);
  };
  return (
    <Stack gap={8} component="section" aria-label={t.title} style={BOX}>
      <Group justify="space-between" wrap="nowrap" gap={6}>
        <Text size="sm" fw={560}>
          {t.title}
        </Text>
        <IconButton label={t.close} look="bare" tip="none" onClick={onClose}>
          <IconX size={15} />
        </IconButton>
      </Group>
      <div role="status">
        {error !== undefined && <ErrorNote error={error} />}
        {!suggestions && error === undefined && (
          <Group gap={8}>
            <Loader size={14} />
            <Text size="sm" c="dimmed">
              {t.reading}
            </Text>
          </Group>
        )}
        {suggestions?.length === 0 && (
          <Text size="sm" c="dimmed">
            {t.none}
          </Text>
        )}
      </div>
      {suggestions?.map((one, at) => (
        <Choice
          key={`${one.tile_type}:${one.chart_type}:${one.why}`}
          suggestion={one}
          isTaken={taken === at}
          onTake={() => take(at, one)}
        />
      ))}
      {before && (
        <Button size="xs" variant="default" onClick={undo} style={{ alignSelf: "start" }}>
          {t.undo}
        </Button>
      )}
    </Stack>
  );
}

function Choice({
  suggestion,
  isTaken,
  onTake,
}: {
  suggestion: Suggestion;
  isTaken: boolean;
  onTake: () => void;
}) {
  const text = useEditorText();
  const look = lookOf(suggestion);
  const LookIcon = ICONS[look];
  const name = look === "kpi" || look === "table" || look === "text" ? text[look] : CHARTS[look].label;
  return (
    <UnstyledButton
      style={{ ...CHOICE, background: isTaken ? "var(--t-accent-soft)" : undefined }}
      aria-pressed={isTaken}
      onClick={onTake}
    >
      <LookIcon size={22} stroke={1.6} aria-hidden="true" style={{ flexShrink: 0 }} />
      <span>
        <Text size="sm" span display="block">
          {name}
        </Text>
        <Text size="xs" c="dimmed" span lang="en">
          {suggestion.why}
        </Text>
      </span>
    </UnstyledButton>
  );
}

/** What changes in the draft: its type and the columns it draws; what a click does, colours and formats stay. */
export function taking(draft: TileDraft, { tile_type, chart_type, chart_config }: Suggestion): Drawn {
  const look: Look = lookOf({ tile_type, chart_type });
  const drawn = new Set(
    fieldsOf(look)
      .filter(isColumnField)
      .map((spec) => spec.key),
  );
  const kept = Object.entries(withLook(draft, look).chart_config).filter(([key]) => !drawn.has(key));
  return { tile_type, chart_type, chart_config: { ...Object.fromEntries(kept), ...chart_config } };
}

function useSuggested(
  dashboardId: string,
  data: TileData,
): { suggestions: Suggestion[] | null; error?: unknown } {
  const [state, setState] = useState<{ suggestions: Suggestion[] | null; error?: unknown }>({
    suggestions: null,
  });
  useEffect(() => {
    const asking = new AbortController();
    const body = {
      columns: data.data?.columns ?? [],
      types: data.types,
      rows: data.data?.rows.slice(0, SAMPLE) ?? [],
    };
    setState({ suggestions: null });
    post<{ suggestions: Suggestion[] }>(`/api/dashboards/${dashboardId}/tiles/suggest-chart`, body, {
      signal: asking.signal,
    })
      .then(setState)
      .catch((error: unknown) => !isAbort(error) && setState({ suggestions: null, error }));
    return () => asking.abort();
  }, [dashboardId, data]);
  return state;
}
