/** What an answer shows: its picture by the same engine as a tile's, its rows, its SQL. */

import { useComputedColorScheme } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { type ReactNode, useMemo, useState } from "react";
import type { TileData, TileType } from "@/api/types";
import { useLocale } from "@/lib/locale";
import { IconButton } from "@/ui/IconButton";
import { type DrawnTile, TileBody } from "../tiles";
import type { Answer } from "./talk";
import { useQaText } from "./text";

interface Props {
  answer: Partial<Answer>;
  title: string;
  timeZone: string;
}

const HEIGHTS: Record<TileType, number> = { chart: 230, kpi: 96, table: 210, text: 0 };
const FRAME = {
  padding: 8,
  border: "1px solid var(--t-line)",
  borderRadius: "var(--t-radius)",
  background: "var(--t-card)",
} as const;
const MORE = { fontSize: 12.5, color: "var(--t-muted)" } as const;
const SUMMARY = { cursor: "pointer", width: "fit-content" } as const;
const SQL = {
  flex: 1,
  minWidth: 0,
  overflow: "auto",
  maxHeight: 220,
  margin: 0,
  padding: "9px 11px",
  borderRadius: 8,
  background: "var(--t-ground)",
  color: "var(--t-text)",
  fontFamily: "var(--mantine-font-family-monospace)",
  fontSize: 12,
  whiteSpace: "pre-wrap",
  overflowWrap: "anywhere",
} as const;
const COMPACT = { compact: true };
const LINE = 26;

/** The chart, figure or table that suits the answer. */
export function Picture({ answer, title, timeZone }: Props) {
  const kind = answer.tile_type;
  if (!kind || kind === "text" || kind === "table") return null;
  return (
    <Drawn
      answer={answer}
      title={title}
      timeZone={timeZone}
      kind={kind}
      height={HEIGHTS[kind]}
      chart={answer.chart_type ?? null}
    />
  );
}

/** The rows: at once where they are the picture, else when they are asked for. */
export function RowsOf({ answer, title, timeZone }: Props) {
  const t = useQaText();
  const count = answer.rows?.length ?? 0;
  const isPicture = !answer.tile_type || answer.tile_type === "table";
  const table = (
    <Drawn
      answer={answer}
      title={title}
      timeZone={timeZone}
      kind="table"
      chart={null}
      height={Math.min(HEIGHTS.table, (count + 1) * LINE + 24)}
    />
  );
  if (isPicture) return table;
  return <Unfolded label={t.rows(count, answer.truncated === true)}>{() => table}</Unfolded>;
}

export function SqlOf({ sql }: { sql: string }) {
  const t = useQaText();
  const clipboard = useClipboard({ timeout: 2000 });
  return (
    <Unfolded label={t.sql}>
      {() => (
        <div style={{ display: "flex", gap: 4, alignItems: "flex-start" }}>
          <pre style={SQL}>{sql}</pre>
          <IconButton
            label={clipboard.copied ? t.copied : t.copy}
            look="bare"
            tip="none"
            onClick={() => clipboard.copy(sql)}
          >
            {clipboard.copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          </IconButton>
        </div>
      )}
    </Unfolded>
  );
}

/** Folded; what is inside is drawn when it is opened. */
function Unfolded({ label, children }: { label: string; children: () => ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details style={MORE} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary style={SUMMARY}>{label}</summary>
      {isOpen && <div style={{ marginTop: 6 }}>{children()}</div>}
    </details>
  );
}

interface DrawnProps extends Props {
  kind: TileType;
  chart: Answer["chart_type"];
  height: number;
}

function Drawn({ answer, title, timeZone, kind, chart, height }: DrawnProps) {
  const theme = useComputedColorScheme("light");
  const locale = useLocale();
  const ctx = useMemo(() => ({ theme, locale, timeZone }), [theme, locale, timeZone]);
  const tile = useMemo(
    (): DrawnTile => ({
      title,
      tile_type: kind,
      chart_type: chart,
      chart_config: kind === "table" ? COMPACT : (answer.chart_config ?? {}),
      content: null,
    }),
    [title, kind, chart, answer.chart_config],
  );
  const data = useMemo(() => dataOf(answer, title, kind), [answer, title, kind]);
  return (
    <div style={{ ...FRAME, height }}>
      <TileBody tile={tile} data={data} loading={false} ctx={ctx} />
    </div>
  );
}

/** The rows of an answer as a tile has them. */
function dataOf(answer: Partial<Answer>, title: string, kind: TileType): TileData {
  return {
    id: answer.id ?? "",
    title,
    tile_type: kind,
    data: { columns: answer.columns ?? [], rows: answer.rows ?? [] },
    types: answer.types ?? {},
    error: null,
    error_code: null,
    row_count: answer.row_count ?? 0,
    // Said beside the rows.
    truncated: false,
    cache: "fresh",
    duration_ms: 0,
    executed_at: "",
    warnings: [],
  };
}
