/** What stands inside a tile, under its header: the right body for the data, or the state it is in. */

import { IconInfoCircle } from "@tabler/icons-react";
import { Component, lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import type { Tile, TileData, TileType } from "@/api/types";
import type { ChartClick } from "@/charts/Chart";
import type { CannotDraw, ChartType, Overlay, Row, Table } from "@/charts/contract";
import { preloadCharts } from "@/charts/engine";
import { CHARTS_BY_NAME } from "@/charts/names";
import { Hint } from "@/ui/Hint";
import { KpiBody } from "./KpiBody";
import { Message } from "./Message";
import { Skeleton } from "./Skeleton";
import type { PointPlace } from "./TableBody";
import { useTilesText } from "./text";
import classes from "./tiles.module.css";

const loadChartBody = () => import("@/charts/Chart");
const loadTableBody = () => import("./TableBody");
const loadTextBody = () => import("./TextBody");
const Chart = lazy(() => loadChartBody().then(({ Chart }) => ({ default: Chart })));
const TableBody = lazy(loadTableBody);
const TextBody = lazy(loadTextBody);

/** Loads the code of a tile while its data is still on the way. A failure shows when the tile itself asks. */
function useAhead(type: TileType, chartType: ChartType | null): void {
  useEffect(() => {
    const loads = { chart: loadChartBody, table: loadTableBody, text: loadTextBody, kpi: undefined };
    loads[type]?.().catch(() => undefined);
    if (type === "chart") preloadCharts([chartType]);
  }, [type, chartType]);
}

/** The parts of a tile that a body needs: an unsaved tile of the editor has them too. */
export type DrawnTile = Pick<Tile, "title" | "tile_type" | "chart_type" | "chart_config" | "content"> & {
  readonly query?: string | null;
  metric_query?: Tile["metric_query"];
};

export interface TileContext {
  readonly theme: "light" | "dark";
  /** BCP 47. */
  readonly locale: string;
  /** The dashboard's zone; moves `timestamptz` values only. */
  readonly timeZone: string;
  /** #rrggbb behind the tile, where it is not the card's own. */
  readonly ground?: string;
  /** Place in the palette of a series name, the same on the whole dashboard: see charts/colors. */
  readonly colorIndex?: (name: string) => number | undefined;
}

export interface TileClick extends ChartClick {
  /** The column of the cell, where a table was clicked. */
  readonly column?: string;
}

export interface TileBodyProps {
  readonly tile: DrawnTile;
  /** Undefined until the first answer; the old answer stays while a new one is on its way. */
  readonly data: TileData | undefined;
  readonly loading: boolean;
  readonly ctx: TileContext;
  /** Shows the rows of a chart as a table. */
  readonly asTable?: boolean;
  readonly onRetry?: () => void;
  readonly onCancel?: () => void;
  /** Opens the editor; shown with an error, a missing column, and on an empty tile. */
  readonly onEditQuery?: () => void;
  /** The reader asked for another chart type that fits the data. */
  readonly onChartType?: (type: ChartType) => void;
  /** A mark or row was picked; `values` are the columns of its row. */
  readonly onPoint?: (click: TileClick) => void;
  /** Marks and rows for which it says no are dimmed. */
  readonly isSelected?: (row: Row) => boolean;
  /** Drawn over the chart. */
  readonly overlay?: Overlay;
  /** Takes the filters away; shown where they leave no rows. */
  readonly onClearFilters?: () => void;
  /** Leads to the filter that the tile waits for. */
  readonly onChooseFilter?: () => void;
}

export function TileBody(props: TileBodyProps) {
  const { tile, data, loading, onCancel } = props;
  useAhead(tile.tile_type, tile.chart_type);
  const shape = tile.tile_type === "chart" ? (tile.chart_type ?? "bar") : tile.tile_type;
  const skeleton = (
    <Skeleton shape={props.asTable ? "table" : shape} title={tile.title} onCancel={onCancel} />
  );
  if (tile.tile_type === "text") return <TextTile {...props} skeleton={skeleton} />;
  if (data === undefined) return loading ? skeleton : <Nothing {...props} />;
  if (data.error !== null) return <Failure {...props} data={data} />;
  if (data.data === null) return <Nothing {...props} />;
  if (data.data.rows.length === 0) return <NoRows {...props} />;
  return <Answer {...props} data={data} skeleton={skeleton} />;
}

function TextTile({ tile, onEditQuery, skeleton }: TileBodyProps & { skeleton: ReactNode }) {
  const t = useTilesText();
  const { content: configured } = tile.chart_config;
  const content = tile.content ?? (typeof configured === "string" ? configured : "");
  if (content.trim() === "")
    return <Message kind="empty" title={t.noText} actions={[{ label: t.editText, onClick: onEditQuery }]} />;
  return (
    <Suspense fallback={skeleton}>
      <TextBody content={content} />
    </Suspense>
  );
}

function Nothing({ tile, onEditQuery, onRetry }: TileBodyProps) {
  const t = useTilesText();
  const isBlank = !tile.query?.trim() && !tile.metric_query && onEditQuery !== undefined;
  if (!isBlank)
    return <Message kind="empty" title={t.failed} actions={[{ label: t.retry, onClick: onRetry }]} />;
  return (
    <Message kind="empty" title={t.noQuery} actions={[{ label: t.writeQuery, onClick: onEditQuery }]}>
      {t.noQueryWhy}
    </Message>
  );
}

function NoRows({ onRetry, onClearFilters }: TileBodyProps) {
  const t = useTilesText();
  const actions = onClearFilters
    ? [{ label: t.clearFilters, onClick: onClearFilters }]
    : [{ label: t.retry, onClick: onRetry }];
  return (
    <Message kind="empty" title={t.noRows} actions={actions}>
      {t.noRowsWhy}
    </Message>
  );
}

/** Titles by the server's `error_code`; what is not here has a title that is always true. */
function titleFor(code: string | null, t: ReturnType<typeof useTilesText>): string {
  const titles: Record<string, string> = {
    query_refused: t.refused,
    unknown_placeholder: t.refused,
    needs_value: t.needsValue,
    query_failed: t.queryFailed,
    too_busy: t.busy,
    source_unavailable: t.unavailable,
    query_timed_out: t.tooSlow,
  };
  return titles[code ?? ""] ?? t.failed;
}

function Failure({ tile, data, onRetry, onEditQuery, onChooseFilter }: TileBodyProps & { data: TileData }) {
  const t = useTilesText();
  if (data.error_code === "needs_value" && onChooseFilter)
    return (
      <Message
        kind="waiting"
        title={t.waiting}
        actions={[{ label: t.chooseFilter, onClick: onChooseFilter }]}
      >
        {tile.tile_type === "kpi" ? null : data.error}
      </Message>
    );
  const position = data.error_line ? t.position(data.error_line, data.error_column) : undefined;
  const detail = [data.error_code, position].filter(Boolean).join(" · ");
  const actions = [
    { label: t.retry, onClick: onRetry },
    { label: t.editQuery, onClick: onEditQuery },
  ];
  return (
    <Message kind="error" title={titleFor(data.error_code, t)} detail={detail} actions={actions}>
      {data.error}
    </Message>
  );
}

type AnswerProps = TileBodyProps & { data: TileData; skeleton: ReactNode };

function Answer(props: AnswerProps) {
  const { tile, data, ctx, asTable, onPoint, isSelected, overlay, skeleton } = props;
  const [notes, setNotes] = useState<readonly string[]>([]);
  const answer = data.data;
  const { types } = data;
  const table = useMemo(
    (): Table => ({ columns: answer?.columns ?? [], rows: answer?.rows ?? [], types }),
    [answer, types],
  );
  const pick = useMemo(
    () => onPoint && ((values: Row, at: PointPlace) => onPoint({ values, ...at })),
    [onPoint],
  );
  const problem = useProblem(props);
  const isTable = asTable || tile.tile_type === "table";
  const { locale, timeZone } = ctx;
  const body = isTable ? (
    <TableBody
      table={table}
      config={asTable ? NO_CONFIG : tile.chart_config}
      title={tile.title}
      locale={locale}
      timeZone={timeZone}
      onPoint={pick}
      isSelected={isSelected}
    />
  ) : tile.tile_type === "kpi" ? (
    <KpiBody
      table={table}
      config={tile.chart_config}
      locale={locale}
      onPoint={pick}
      problem={(trouble) => problem(trouble, () => undefined)}
    />
  ) : (
    <Chart
      type={tile.chart_type ?? "bar"}
      table={table}
      config={tile.chart_config}
      ctx={ctx}
      title={tile.title}
      onPoint={onPoint}
      isSelected={isSelected}
      overlay={overlay}
      onNotes={setNotes}
      problem={problem}
    />
  );
  return (
    <div className={classes.body}>
      <div className={classes.drawn}>
        <Catch watch={table} problem={problem}>
          <Suspense fallback={skeleton}>{body}</Suspense>
        </Catch>
      </div>
      <Notes data={data} notes={isTable || tile.tile_type === "kpi" ? [] : notes} />
    </div>
  );
}

const NO_CONFIG = {};

/** How a chart's own troubles are told, with the ways out that the tile offers. */
function useProblem({ onEditQuery, onChartType, onRetry }: TileBodyProps) {
  const t = useTilesText();
  return useCallback(
    (problem: CannotDraw | "not_loaded", retry: () => void) => {
      if (problem === "not_loaded")
        return <Message kind="error" title={t.notLoaded} actions={[{ label: t.retry, onClick: retry }]} />;
      if (problem.code === "empty")
        return <Message kind="empty" title={t.noRows} actions={[{ label: t.retry, onClick: onRetry }]} />;
      const other = problem.tryInstead;
      const actions = [
        ...(other
          ? [
              {
                label: t.showAs(CHARTS_BY_NAME[other]),
                onClick: onChartType && (() => onChartType(other)),
              },
            ]
          : []),
        { label: t.editChart, onClick: onEditQuery },
      ];
      const title = problem.code === "missing_field" ? t.missingField : t.cannotDraw;
      return (
        <Message kind="unfit" title={title} actions={actions}>
          {problem.message}
        </Message>
      );
    },
    [t, onEditQuery, onChartType, onRetry],
  );
}

function Notes({ data, notes }: { data: TileData; notes: readonly string[] }) {
  const t = useTilesText();
  const told = [...new Set([...(data.warnings ?? []), ...notes])];
  if (!data.truncated && told.length === 0) return null;
  return (
    <div className={classes.notes}>
      {data.truncated && <span>{t.truncated(data.row_count)}</span>}
      {told.length > 0 && (
        <Hint
          lines={told}
          label={`${t.notes(told.length)}: ${told.join(" ")}`}
          side="above"
          className={classes.noteButton}
        >
          <IconInfoCircle size={14} stroke={1.8} aria-hidden="true" />
          {told.length === 1 && !data.truncated ? <span className={classes.noteText}>{told[0]}</span> : null}
        </Hint>
      )}
    </div>
  );
}

interface CatchProps {
  /** A change of it is a reason to try again. */
  watch: unknown;
  problem: (problem: CannotDraw | "not_loaded", retry: () => void) => ReactNode;
  children: ReactNode;
}

/** Keeps in the tile what nobody foresaw: mostly, a part of the app that did not load. */
class Catch extends Component<CatchProps, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidUpdate(before: CatchProps) {
    if (this.state.error !== undefined && before.watch !== this.props.watch)
      this.setState({ error: undefined });
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return this.props.problem("not_loaded", () => window.location.reload()); // React keeps a failed import failed
  }
}
