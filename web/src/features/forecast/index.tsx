/** The forecast of a tile: asks for it in the state of the view, draws it over the chart, says how good it is. */

import { ActionIcon, Group, NativeSelect, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { post } from "@/api/client";
import type { components } from "@/api/schema.gen";
import type { Tile, TileData } from "@/api/types";
import type { Overlay } from "@/charts/contract";
import { formatPercent } from "@/charts/format";
import { withForecast } from "@/charts/overlays/forecast";
import { tileBody } from "@/interaction/body";
import type { ViewState } from "@/interaction/state";
import { useLocale } from "@/lib/locale";
import { captionOf, notesOf } from "./caption";
import { useForecastText } from "./text";

export type Forecast = components["schemas"]["ForecastOut"];

interface Props {
  tile: Tile;
  view: ViewState;
  /** The answer that is drawn: a newer one asks for a newer forecast. */
  rows: TileData | null;
  onOverlay: (drawn: { overlay?: Overlay }) => void;
  onClose: () => void;
}

const LEVELS = [0.8, 0.9, 0.95, 0.99];
const FEW = [3, 6, 12, 24, 52];

export default function ForecastBar({ tile, view, rows, onOverlay, onClose }: Props) {
  const t = useForecastText();
  const locale = useLocale();
  const [horizon, setHorizon] = useState<number>();
  const [level, setLevel] = useState(0.95);
  const body = { ...tileBody(view, tile), horizon, confidence_level: level };
  const { data, error, isFetching } = useQuery({
    queryKey: ["forecast", tile.dashboard_id, tile.id, body, rows?.executed_at],
    queryFn: ({ signal }) =>
      post<Forecast>(`/api/dashboards/${tile.dashboard_id}/tiles/${tile.id}/forecast`, body, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  useEffect(() => {
    if (!data || error) return onOverlay({});
    const found = { series: data.series, label: t.forecast };
    const overlay: Overlay = (draw) => (table, config, ctx) => withForecast(draw, found, table, config, ctx);
    onOverlay({ overlay });
  }, [data, error, onOverlay, t.forecast]);
  useEffect(() => () => onOverlay({}), [onOverlay]);

  const percent = formatPercent(level, locale, 0);
  const choices = data ? horizonsOf(data) : [];
  return (
    <Group
      gap={8}
      px={16}
      pb={8}
      role="region"
      aria-label={`${t.forecast}: ${tile.title}`}
      aria-busy={isFetching}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <svg width={18} height={8} aria-hidden="true">
        <path d="M0 4h18" stroke="currentColor" strokeWidth={2} strokeDasharray="5 4" />
      </svg>
      <Text size="xs" c={error ? "red" : "dimmed"} flex="1 1 240px" role="status">
        {error ? error.message : data ? captionOf(data, percent, locale, t) : t.working}
        {data && !error && <Notes lines={notesOf(data, t)} label={t.notes} />}
      </Text>
      {data && (
        <NativeSelect
          size="xs"
          aria-label={t.horizon}
          value={data.x.length}
          onChange={(event) => setHorizon(Number(event.currentTarget.value))}
          data={choices.map((n) => ({ value: String(n), label: t.periods(n * data.step, data.granularity) }))}
        />
      )}
      <NativeSelect
        size="xs"
        aria-label={t.level}
        value={String(level)}
        onChange={(event) => setLevel(Number(event.currentTarget.value))}
        data={LEVELS.map((one) => ({ value: String(one), label: formatPercent(one, locale, 0) }))}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        size={28}
        onClick={onClose}
        aria-label={t.remove}
        title={t.remove}
      >
        <IconX size={15} />
      </ActionIcon>
    </Group>
  );
}

function Notes({ lines, label }: { lines: readonly string[]; label: string }) {
  if (lines.length === 0) return null;
  return (
    <span title={lines.join("\n")} aria-label={`${label}: ${lines.join(" ")}`} role="note">
      {" "}
      · {lines[0]}
      {lines.length > 1 && ` (+${lines.length - 1})`}
    </span>
  );
}

/** The lengths to choose from: a few round ones that the history bears, and the one that is shown. */
export function horizonsOf({ x, history }: Pick<Forecast, "x" | "history">): number[] {
  const most = Math.min(366, Math.max(12, 2 * history.periods));
  return [...new Set([...FEW, x.length])].filter((n) => n <= most).sort((a, b) => a - b);
}
