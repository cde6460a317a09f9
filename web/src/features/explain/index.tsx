/** What a tile shows, in sentences; each opens to its numbers, and its points are marked on the chart. */
import { Drawer, Skeleton, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type CSSProperties, useEffect, useMemo, useState } from "react";
import { post } from "@/api/client";
import type { components } from "@/api/schema.gen";
import type { Tile } from "@/api/types";
import type { Overlay } from "@/charts/contract";
import { withMarks } from "@/charts/overlays/marks";
import { tileBody } from "@/interaction/body";
import type { ViewState } from "@/interaction/state";
import { useLocale } from "@/lib/locale";
import { ErrorNote } from "@/ui/ErrorNote";
import { useExplainText } from "./text";

type Explanation = components["schemas"]["ExplainOut"];
type Fact = Explanation["facts"][number];

/** So many sentences make the summary; the other facts stand below. */
const IN_SUMMARY = 6;

interface Props {
  tile: Tile;
  view: ViewState;
  /** When the rows that are seen were read; newer ones are explained anew. */
  executedAt: string | undefined;
  onOverlay: (over: { overlay?: Overlay }) => void;
  onClose: () => void;
}

export default function ExplainPanel({ tile, view, executedAt, onOverlay, onClose }: Props) {
  const t = useExplainText();
  const locale = useLocale();
  const isNarrow = useMediaQuery("(max-width: 760px)");
  const body = { ...tileBody(view, tile), language: locale };
  const asked = useQuery({
    queryKey: ["explain", tile.id, executedAt, JSON.stringify(body)],
    queryFn: ({ signal }) =>
      post<Explanation>(`/api/dashboards/${tile.dashboard_id}/tiles/${tile.id}/explain`, body, { signal }),
    retry: false,
    staleTime: 60_000,
  });
  const [open, setOpen] = useState<Fact | null>(null);
  useMarks(asked.data, open, onOverlay);
  return (
    <Drawer
      opened
      onClose={onClose}
      title={t.title(tile.title)}
      position={isNarrow ? "bottom" : "right"}
      size={isNarrow ? "62%" : 420}
      withOverlay={false}
      lockScroll={false}
      closeOnClickOutside={false}
      styles={STYLES}
    >
      <div aria-live="polite" aria-busy={asked.isPending}>
        {asked.isPending && <Waiting label={t.loading} />}
        {asked.error && <ErrorNote error={asked.error} onRetry={() => void asked.refetch()} />}
        {asked.data && <Told explanation={asked.data} open={open} onOpen={setOpen} />}
      </div>
    </Drawer>
  );
}

const STYLES = {
  title: { fontWeight: 640, overflowWrap: "anywhere" },
  content: { boxShadow: "0 0 24px rgb(0 0 0 / 18%)" },
} as const;

/** Marks the points of the open sentence, or of all of them, as long as the panel is there. */
function useMarks(data: Explanation | undefined, open: Fact | null, onOverlay: Props["onOverlay"]) {
  const marks = open ? open.marks : data?.marks;
  const overlay = useMemo(
    (): Overlay | undefined =>
      marks && marks.length > 0
        ? (draw) => (table, config, ctx) => withMarks(draw, marks, table, config, ctx)
        : undefined,
    [marks],
  );
  useEffect(() => {
    onOverlay(overlay ? { overlay } : {});
    return () => onOverlay({});
  }, [overlay, onOverlay]);
}

function Waiting({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label}>
      {[92, 78, 85, 60].map((width) => (
        <Skeleton key={width} h={14} w={`${width}%`} mb={12} />
      ))}
    </div>
  );
}

interface ToldProps {
  explanation: Explanation;
  open: Fact | null;
  onOpen: (fact: Fact | null) => void;
}

function Told({ explanation, open, onOpen }: ToldProps) {
  const t = useExplainText();
  const { summary, highlights, facts, marks, model, notes, filters_ignored: ignored } = explanation;
  const rest = facts.slice(IN_SUMMARY);
  const list = (some: readonly Fact[]) => (
    <ul style={SENTENCES}>
      {some.map((fact) => (
        <li key={`${fact.kind} ${fact.sentence}`} style={ITEM}>
          <Sentence fact={fact} isOpen={fact === open} onOpen={onOpen} />
        </li>
      ))}
    </ul>
  );
  return (
    <>
      {highlights.length > 0 && (
        <>
          <Heading>{t.inShort}</Heading>
          <ul style={SHORT}>
            {highlights.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </>
      )}
      {model && <Text mb="md">{summary}</Text>}
      <Heading>{t.facts}</Heading>
      {list(facts.slice(0, IN_SUMMARY))}
      {rest.length > 0 && (
        <>
          <Heading>{t.more}</Heading>
          {list(rest)}
        </>
      )}
      {[
        ...notes,
        ...(ignored.length > 0 ? [t.ignored(ignored.join(", "))] : []),
        model ? t.reworded(model) : t.computed,
        ...(marks.length > 0 ? [t.marked] : []),
      ].map((note) => (
        <Text key={note} size="xs" c="dimmed" mt="sm">
          {note}
        </Text>
      ))}
    </>
  );
}

function Heading({ children }: { children: string }) {
  return (
    <Text component="h3" size="xs" fw={600} c="dimmed" mt="md" mb={6}>
      {children}
    </Text>
  );
}

interface SentenceProps {
  fact: Fact;
  isOpen: boolean;
  onOpen: (fact: Fact | null) => void;
}

/** A sentence that opens to the numbers it rests on. */
function Sentence({ fact, isOpen, onOpen }: SentenceProps) {
  const t = useExplainText();
  if (fact.numbers.length === 0) return <Text size="sm">{fact.sentence}</Text>;
  return (
    <details
      open={isOpen}
      onToggle={({ currentTarget }) => {
        if (currentTarget.open !== isOpen) onOpen(currentTarget.open ? fact : null);
      }}
    >
      <summary style={SUMMARY}>{fact.sentence}</summary>
      <dl aria-label={t.rests} style={NUMBERS}>
        {fact.numbers.map(({ name, shown }) => (
          <div key={name} style={PAIR}>
            <dt>{t.numbers[name] ?? name.replaceAll("_", " ")}</dt>
            <dd style={SHOWN} className="tnum">
              {shown}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

const SENTENCES: CSSProperties = { margin: 0, padding: 0, listStyle: "none" };
const ITEM: CSSProperties = { paddingBlock: 5 };
const SHORT: CSSProperties = { margin: "0 0 16px", paddingInlineStart: 18, fontWeight: 550, lineHeight: 1.6 };
const SUMMARY: CSSProperties = {
  cursor: "pointer",
  fontSize: 14,
  lineHeight: 1.45,
  overflowWrap: "anywhere",
};
const NUMBERS: CSSProperties = { margin: "6px 0 10px 16px", fontSize: 13, color: "var(--t-muted)" };
const PAIR: CSSProperties = { display: "flex", justifyContent: "space-between", gap: 16, paddingBlock: 2 };
const SHOWN: CSSProperties = { margin: 0, fontWeight: 550, color: "var(--mantine-color-text)" };
