/** Running the query of a tile that is not saved yet: its result, its error, the time it takes, the way to stop it. */

import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError, isAbort, post, sentenceOf } from "@/api/client";
import { cancelQuery } from "@/api/queries/datasources";
import type { TileData } from "@/api/types";
import { newId } from "@/lib/ids";
import { isSame } from "../history";
import type { SqlError } from "../sql-editor/extensions";
import { canAsk, type TileDraft, tidied } from "./draft";
import { useEditorText } from "./messages";

export interface TileRun {
  /** The last good result; stays while a newer query runs. */
  data: TileData | null;
  error: SqlError | null;
  /** ms since 1970 while a query runs, else null. */
  startedAt: number | null;
  /** What the last query was run with. */
  source: Source | null;
  run: (draft: TileDraft) => void;
  cancel: () => void;
  /** Forgets the error, when the text it belongs to changed. */
  clearError: () => void;
}

export interface Source {
  datasource_id: string | null;
  catalog: string | null;
  schema: string | null;
  query: string | null;
  metric_query?: TileDraft["metric_query"];
}

export function sourceOf({ datasource_id, catalog, schema, query, metric_query }: Source): Source {
  // Metrics bring their own place.
  if (metric_query) return { datasource_id: null, catalog: null, schema: null, query: null, metric_query };
  return { datasource_id, catalog, schema, query, metric_query: null };
}

export function isSameSource(a: Source | null, b: Source): boolean {
  return a !== null && isSame(a, sourceOf(b));
}

interface Running {
  abort: AbortController;
  datasourceId: string;
  queryId: string;
}

export function useTileRun(
  dashboardId: string,
  initial: TileData | null,
  initialSource: Source | null,
): TileRun {
  const [data, setData] = useState<TileData | null>(initial?.data ? initial : null);
  const [source, setSource] = useState<Source | null>(initial?.data ? initialSource : null);
  const [error, setError] = useState<SqlError | null>(initial ? errorOf(initial) : null);
  const [startedAt, setStartedAt] = useState<number | null>(null);
  const running = useRef<Running | null>(null);

  const stop = useCallback(() => {
    const { current } = running;
    running.current = null;
    if (!current) return;
    current.abort.abort();
    // The query may have ended in the meantime; then there is nothing to cancel.
    cancelQuery(current.datasourceId, current.queryId).catch(() => undefined);
  }, []);

  const run = useCallback(
    (draft: TileDraft) => {
      if (!canAsk(draft)) return;
      stop();
      const mine = {
        abort: new AbortController(),
        datasourceId: draft.datasource_id ?? "",
        queryId: newId(),
      };
      running.current = mine;
      setStartedAt(Date.now());
      setError(null);
      preview(dashboardId, draft, mine.queryId, mine.abort.signal)
        .then((answer) => {
          if (running.current !== mine) return;
          setError(errorOf(answer));
          if (answer.data) {
            setData(answer);
            setSource(sourceOf(draft));
          }
        })
        .catch((failure: unknown) => {
          if (running.current === mine && !isAbort(failure)) setError(sqlError(failure));
        })
        .finally(() => {
          if (running.current !== mine) return;
          running.current = null;
          setStartedAt(null);
        });
    },
    [dashboardId, stop],
  );

  const cancel = useCallback(() => {
    stop();
    setStartedAt(null);
    setError({ message: useEditorText.now().cancelled, line: null, column: null });
  }, [stop]);

  const clearError = useCallback(() => setError(null), []);

  useEffect(() => stop, [stop]);

  return { data, error, startedAt, source, run, cancel, clearError };
}

function preview(
  dashboardId: string,
  draft: TileDraft,
  queryId: string,
  signal: AbortSignal,
): Promise<TileData> {
  const { title, cache_ttl_seconds: _ttl, content: _content, ...tile } = tidied(draft);
  const body = { ...tile, title: title || useEditorText.now().untitled, query_id: queryId };
  return post<TileData>(`/api/dashboards/${dashboardId}/tiles/preview`, body, { signal });
}

export function errorOf(answer: TileData): SqlError | null {
  if (answer.error === null) return null;
  return { message: answer.error, line: answer.error_line ?? null, column: answer.error_column ?? null };
}

export function sqlError(failure: unknown): SqlError {
  const place = failure instanceof ApiError ? failure : { line: null, column: null };
  return { message: sentenceOf(failure), line: place.line, column: place.column };
}
