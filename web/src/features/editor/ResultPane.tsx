/** What the query answered: the tile as it will look, or its rows; the error, the time, the warnings. */

import { Alert, Badge, Loader, SegmentedControl, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { formatDuration } from "@/lib/format";
import { useNow } from "@/lib/hooks";
import type { Look, TileDraft } from "./draft";
import classes from "./editor.module.css";
import { useEditorText } from "./messages";
import { TilePicture } from "./TilePicture";
import { isSameSource, type TileRun } from "./useTileRun";

interface ResultPaneProps {
  draft: TileDraft;
  run: TileRun;
  timeZone: string;
  /** The preview proposes another type that fits the rows. */
  onLook: (look: Look) => void;
}

type View = "preview" | "rows";

export function ResultPane({ draft, run, timeZone, onLook }: ResultPaneProps) {
  const text = useEditorText();
  const [view, setView] = useState<View>("preview");
  const isText = draft.tile_type === "text";
  const { data, error } = run;
  const isStale = data !== null && !isText && !isSameSource(run.source, draft);
  return (
    <section className={classes.result} aria-label={text.preview}>
      <div className={classes.resultBar}>
        {isText ? (
          <Text size="sm" fw={560}>
            {text.preview}
          </Text>
        ) : (
          <SegmentedControl
            size="xs"
            value={view}
            onChange={(value) => setView(value === "rows" ? "rows" : "preview")}
            data={[
              { value: "preview", label: text.preview },
              { value: "rows", label: text.resultTable },
            ]}
          />
        )}
        <div className={classes.resultState} role="status">
          {run.startedAt !== null ? <Running since={run.startedAt} /> : <Summary run={run} />}
          {isStale && run.startedAt === null && (
            <Badge size="sm" variant="light" color="yellow" tt="none" fw={500}>
              {text.isStale}
            </Badge>
          )}
        </div>
      </div>
      {error && (
        <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} role="alert" m="sm" mb={0}>
          {error.line !== null && <strong>{text.errorAt(error.line)}: </strong>}
          {error.message}
        </Alert>
      )}
      {data?.warnings.map((warning) => (
        <Text key={warning} size="xs" className={classes.warning}>
          {warning}
        </Text>
      ))}
      <div className={classes.resultBody}>
        {isText || data ? (
          <TilePicture
            draft={draft}
            data={data}
            timeZone={timeZone}
            asTable={view === "rows" && !isText}
            onChartType={onLook}
          />
        ) : (
          <Text size="sm" c="dimmed" className={classes.resultEmpty}>
            {text.notRun}
          </Text>
        )}
      </div>
    </section>
  );
}

function Running({ since }: { since: number }) {
  const text = useEditorText();
  const now = useNow(100);
  return (
    <Text size="xs" c="dimmed" className="tnum">
      <Loader size={12} mr={6} display="inline-block" />
      {text.running(`${(Math.max(0, now - since) / 1000).toFixed(1)} s`)}
    </Text>
  );
}

function Summary({ run: { data, error } }: { run: TileRun }) {
  const text = useEditorText();
  if (!data || error) return null;
  return (
    <Text size="xs" c="dimmed" className="tnum">
      {text.resultIn(text.rows(data.row_count), formatDuration(data.duration_ms))}
      {data.truncated && ` (${text.truncated})`}
    </Text>
  );
}
