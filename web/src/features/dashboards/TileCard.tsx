/** One tile: its header, its state, and its inside drawn by someone else. */

import { Button, Text } from "@mantine/core";
import { IconAlertTriangle, IconCloudOff } from "@tabler/icons-react";
import { type KeyboardEvent, lazy, Suspense, useMemo, useState } from "react";
import { type TileState, useTileState } from "@/api/tile-data";
import type { Tile } from "@/api/types";
import type { Overlay } from "@/charts/contract";
import { useCommon } from "@/i18n/common";
import { useHeldFor, useNow } from "@/lib/hooks";
import { isTyping } from "@/lib/hotkeys";
import { ErrorBoundary } from "@/ui/ErrorBoundary";
import { Crumbs } from "../clicks";
import { FilterCount } from "../filters";
import { canForecast } from "../forecast/can";
import type { Body } from "./body";
import { TileMenu } from "./TileMenu";
import { useDashboardText } from "./text";
import type { ColorIndex } from "./useSeriesColors";
import type { TileActions } from "./useTileActions";
import type { TileRuns } from "./useTileRuns";
import { type TileViewing, useTileViewing, type Viewing } from "./useViewing";
import classes from "./view.module.css";

const Forecast = lazy(() => import("../forecast"));
const ExplainPanel = lazy(() => import("../explain"));

interface Props {
  tile: Tile;
  timeZone: string | null;
  runs: TileRuns;
  actions: TileActions;
  viewing: Viewing;
  Body: Body;
  colorIndex?: ColorIndex;
}

export function TileCard(props: Props) {
  const { tile, runs, actions, viewing } = props;
  const t = useDashboardText();
  const state = useTileState(runs.data, tile.id);
  const here = useTileViewing(tile, viewing, state.data);
  const isText = tile.tile_type === "text";
  const [isForecast, setForecast] = useState(false);
  const [over, setOver] = useState<{ overlay?: Overlay }>({});
  const mayForecast = canForecast(tile, state.data);
  const [isExplained, setExplained] = useState(false);
  const [marked, setMarked] = useState<{ overlay?: Overlay }>({});
  const overlay = useBoth(over.overlay, marked.overlay);
  const press = (event: KeyboardEvent) => {
    if (actions.isQuiet || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "Backspace" && here.path.length > 0) {
      event.preventDefault();
      here.onPath(here.path.slice(0, -1));
      return;
    }
    const act = event.key === "v" ? actions.view : event.key === "c" ? actions.copyLink : null;
    if (!act) return;
    event.preventDefault();
    act(tile);
  };
  return (
    <article
      className={classes.tile}
      data-kind={tile.tile_type}
      aria-label={t.tileRegion(tile.title)}
      aria-busy={state.startedAt !== null}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a tile is a stop of the tab key, so that its own keys reach it
      tabIndex={0}
      onKeyDown={press}
      data-tile={tile.id}
    >
      <div className={classes.tileHead}>
        {!isText && <TileTitle tile={tile} here={here} />}
        {!isText && (
          <FilterCount tile={tile} view={viewing.view} ignored={state.data?.filters_ignored ?? NONE} />
        )}
        {!actions.isQuiet && (
          <TileMenu
            tile={tile}
            actions={actions}
            onForecast={mayForecast ? () => setForecast(!isForecast) : undefined}
            onExplain={isText ? undefined : () => setExplained(true)}
          />
        )}
        <ThinBar isRunning={state.startedAt !== null && state.data !== null} />
      </div>
      <div className={classes.tileBody}>
        <TileInside {...props} state={state} here={here} overlay={overlay} />
      </div>
      {isForecast && mayForecast && (
        <Suspense fallback={null}>
          <Forecast
            tile={tile}
            view={viewing.view.state}
            rows={state.data}
            onOverlay={setOver}
            onClose={() => setForecast(false)}
          />
        </Suspense>
      )}
      {isExplained && (
        <Suspense fallback={null}>
          <ExplainPanel
            tile={tile}
            view={viewing.view.state}
            executedAt={state.data?.executed_at}
            onOverlay={setMarked}
            onClose={() => setExplained(false)}
          />
        </Suspense>
      )}
    </article>
  );
}

/** One overlay on the other: marks are rings around what a forecast may stand beside. */
function useBoth(first: Overlay | undefined, second: Overlay | undefined): Overlay | undefined {
  return useMemo(
    () => (first && second ? (draw) => second(first(draw)) : (first ?? second)),
    [first, second],
  );
}

const NONE: readonly string[] = [];

function TileTitle({ tile, here }: { tile: Tile; here: TileViewing }) {
  const subtitle = tile.chart_config.subtitle;
  return (
    <div className={classes.tileTitle}>
      <h2 title={tile.title}>
        <span>{tile.title}</span>
        <Warnings tile={tile} />
      </h2>
      {here.path.length > 0 ? (
        <Crumbs path={here.path} onPath={here.onPath} />
      ) : (
        typeof subtitle === "string" && subtitle && <p>{subtitle}</p>
      )}
    </div>
  );
}

/** What the server found odd about the tile's settings when it was saved. Odd results tell of themselves inside. */
function Warnings({ tile }: { tile: Tile }) {
  const t = useDashboardText();
  if (tile.warnings.length === 0) return null;
  const label = tile.warnings.join("\n");
  return (
    <span
      className={classes.warn}
      role="img"
      title={label}
      aria-label={`${t.warnings(tile.warnings.length)}: ${label}`}
    >
      <IconAlertTriangle size={15} stroke={1.8} />
    </span>
  );
}

interface InsideProps extends Omit<Props, "viewing"> {
  state: TileState;
  here: TileViewing;
  overlay?: Overlay;
  asTable?: boolean;
}

/** The inside of a tile in whichever state it is. Used alone, too, when the tile fills the screen. */
export function TileInside(props: InsideProps) {
  const { tile, timeZone, runs, actions, Body, state, here, asTable, colorIndex, overlay } = props;
  const { data, startedAt, failure } = state;
  const isText = tile.tile_type === "text";
  const isLate = useHeldFor(data === null && startedAt !== null, 300);
  const retry = () => actions.refresh(tile);
  if (failure && !data && !isText) return <Unreached failure={failure} onRetry={retry} />;
  return (
    <>
      <ErrorBoundary
        resetKey={data}
        fallback={(error) => <Unreached failure={error.message} onRetry={retry} />}
      >
        {(data !== null || isLate || isText) && (
          <Body
            tile={tile}
            data={data}
            loading={data === null && !isText}
            timeZone={timeZone}
            asTable={asTable}
            colorIndex={colorIndex}
            onPoint={here.onPoint}
            isSelected={here.isSelected}
            overlay={overlay}
            onClearFilters={here.onClearFilters}
            onChooseFilter={here.onChooseFilter}
            onRetry={retry}
            onCancel={() => runs.data.stop()}
            onEditQuery={actions.edit && (() => actions.edit?.(tile))}
          />
        )}
      </ErrorBoundary>
      {startedAt !== null && data !== null && (
        <StillRunning startedAt={startedAt} onStop={() => runs.data.stop()} />
      )}
      {failure && data && <StaleNote failure={failure} />}
    </>
  );
}

function Unreached({ failure, onRetry }: { failure: string; onRetry: () => void }) {
  const common = useCommon();
  return (
    <div className={classes.failed} role="alert">
      <IconCloudOff size={26} stroke={1.5} />
      <Text size="sm">{failure}</Text>
      <Button size="compact-sm" variant="default" onClick={onRetry}>
        {common.retry}
      </Button>
    </div>
  );
}

/** The refresh failed; what is shown is the result before. */
function StaleNote({ failure }: { failure: string }) {
  return (
    <span className={classes.staleNote} role="status" title={failure} aria-label={failure}>
      <IconCloudOff size={14} />
    </span>
  );
}

const LONG_MS = 10_000;

/** A refresh of more than ten seconds: how long it has been, and a way out. The first run says so in its skeleton. */
function StillRunning({ startedAt, onStop }: { startedAt: number; onStop: () => void }) {
  const t = useDashboardText();
  const now = useNow(1000);
  const passed = now - startedAt;
  if (passed < LONG_MS) return null;
  return (
    <div className={classes.still} role="status">
      <span className="tnum">{t.stillRunning(Math.floor(passed / 1000))}</span>
      <button type="button" onClick={onStop}>
        {t.cancelRun}
      </button>
    </div>
  );
}

function ThinBar({ isRunning }: { isRunning: boolean }) {
  const isShown = useHeldFor(isRunning, 300);
  return isShown ? <div className={classes.bar} aria-hidden="true" /> : null;
}
