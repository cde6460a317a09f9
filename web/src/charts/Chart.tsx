/** The only file here with React and the DOM: one ECharts instance for the life of the element. */
import type { ECElementEvent, EChartsOption } from "echarts";
import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import {
  CannotDraw,
  type ChartConfig,
  type ChartContext,
  type ChartType,
  type Draw,
  type Drawing,
  type Overlay,
  type Point,
  type Row,
  type Table,
} from "./contract";
import { type Engine, type Kit, loadChart } from "./engine";
import { followLegend } from "./legend";
import { CHARTS_BY_NAME } from "./names";
import { dimmed, nearestPoint, seriesOf } from "./picking";

export interface ChartClick {
  /** The columns of the row behind the mark. */
  readonly values: Row;
  /** Where the pointer was, in the window. */
  readonly x: number;
  readonly y: number;
}

export interface ChartProps {
  readonly type: ChartType;
  readonly table: Table;
  readonly config: ChartConfig;
  readonly ctx: Omit<ChartContext, "width" | "height">;
  /** Opens the spoken summary. */
  readonly title?: string;
  readonly onPoint?: (click: ChartClick) => void;
  /** Marks whose row it says no to are drawn faint. */
  readonly isSelected?: (row: Row) => boolean;
  readonly overlay?: Overlay;
  readonly onNotes?: (notes: readonly string[]) => void;
  /** What to show when the data cannot make this chart, or the engine did not load. */
  readonly problem: (problem: CannotDraw | "not_loaded", retry: () => void) => ReactNode;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

type Instance = ReturnType<Engine["init"]>;

const NO_NOTES: readonly string[] = [];
const SETTLE_MS = 90;

export function Chart(props: ChartProps) {
  const { type, table, config, ctx, title, onPoint, isSelected, overlay, onNotes, problem } = props;
  const host = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size>();
  const { theme, locale, timeZone, ground, colorIndex } = ctx;
  const { kit, hasFailed, retry } = useKit(type);
  const drawn = useMemo(
    () =>
      kit &&
      size &&
      attempt(overlay?.(kit.draw) ?? kit.draw, table, config, {
        theme,
        locale,
        timeZone,
        ground,
        colorIndex,
        ...size,
      }),
    [kit, table, config, theme, locale, timeZone, ground, colorIndex, size, overlay],
  );
  const whole = drawn instanceof CannotDraw ? undefined : drawn;
  const drawing = useMemo(
    () => (whole && isSelected ? { ...whole, option: dimmed(whole, table, isSelected) } : whole),
    [whole, table, isSelected],
  );
  const chart = useInstance(host, kit, drawing !== undefined);
  useSize(host, chart, setSize);
  useOption(host, chart, drawing, onPoint !== undefined);
  useClicks(chart, drawing, table, onPoint);
  const notes = drawing?.notes ?? NO_NOTES;
  useEffect(() => onNotes?.(notes), [notes, onNotes]);

  const trouble = drawn instanceof CannotDraw ? drawn : hasFailed ? "not_loaded" : undefined;
  const label = [title, drawing?.summary].filter(Boolean).join(". ");
  return (
    <div style={{ position: "relative", width: "100%", height: "100%", minHeight: 0, overflow: "hidden" }}>
      <div
        ref={host}
        role="img"
        aria-label={label || CHARTS_BY_NAME[type]}
        aria-hidden={trouble !== undefined}
        data-chart={type}
        style={{ position: "absolute", inset: 0, visibility: trouble ? "hidden" : undefined }}
      />
      {trouble !== undefined && problem(trouble, retry)}
    </div>
  );
}

function attempt(draw: Draw, table: Table, config: ChartConfig, ctx: ChartContext): Drawing | CannotDraw {
  try {
    return draw(table, config, ctx);
  } catch (error) {
    if (error instanceof CannotDraw) return error;
    throw error;
  }
}

/** Engine and drawing function of a chart type; both are loaded once for the page. */
function useKit(type: ChartType) {
  const [loaded, setLoaded] = useState<{ type: ChartType; kit: Kit }>();
  const [tries, setTries] = useState(0);
  const [failedTry, setFailedTry] = useState<number>();
  useEffect(() => {
    let isDead = false;
    loadChart(type).then(
      (kit) => !isDead && setLoaded({ type, kit }),
      () => !isDead && setFailedTry(tries),
    );
    return () => {
      isDead = true;
    };
  }, [type, tries]);
  const kit = loaded?.type === type ? loaded.kit : undefined;
  return {
    kit,
    hasFailed: kit === undefined && failedTry === tries,
    retry: () => setTries((count) => count + 1),
  };
}

/** One instance per mounted element, made when there is first something to draw; safe under double mounting. */
function useInstance(host: React.RefObject<HTMLDivElement | null>, kit: Kit | undefined, isWanted: boolean) {
  const [chart, setChart] = useState<Instance>();
  const engine = isWanted ? kit?.engine : undefined;
  useEffect(() => {
    const element = host.current;
    if (!engine || !element) return;
    const made = engine.init(element, undefined, { renderer: "canvas" });
    setChart(made);
    return () => {
      made.dispose();
      setChart(undefined);
    };
  }, [host, engine]);
  return chart;
}

/** Follows the element's size: the canvas at once in a frame, the layout of the chart when the size has settled. */
function useSize(
  host: React.RefObject<HTMLDivElement | null>,
  chart: Instance | undefined,
  setSize: (size: Size) => void,
) {
  useLayoutEffect(() => {
    const element = host.current;
    if (!element) return;
    let frame = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settle = () => {
      const { clientWidth: width, clientHeight: height } = element;
      if (width > 0 && height > 0) setSize({ width, height });
    };
    settle();
    let isFirst = true;
    const observer = new ResizeObserver(() => {
      if (isFirst) {
        isFirst = false;
        return;
      }
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        if (element.clientWidth > 0 && element.clientHeight > 0) chart?.resize();
      });
      clearTimeout(timer);
      timer = setTimeout(settle, SETTLE_MS);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [host, chart, setSize]);
}

/** Draws, and marks the element with `data-ready` when the picture is complete. */
function useOption(
  host: React.RefObject<HTMLDivElement | null>,
  chart: Instance | undefined,
  drawing: Drawing | undefined,
  isClickable: boolean,
) {
  useEffect(() => {
    const element = host.current;
    if (!chart || !drawing || !element) return;
    element.removeAttribute("data-ready");
    const finish = () => element.setAttribute("data-ready", "true");
    chart.on("finished", finish);
    chart.setOption(withCursor(drawing.option, isClickable), { notMerge: true });
    return () => {
      chart.off("finished", finish);
    };
  }, [host, chart, drawing, isClickable]);
  useEffect(() => (chart ? followLegend(chart) : undefined), [chart]);
}

function withCursor(option: EChartsOption, isClickable: boolean): EChartsOption {
  const series = Array.isArray(option.series) ? option.series : [];
  return {
    ...option,
    series: series.map((one) => ({ ...one, cursor: isClickable ? "pointer" : "default" })),
  };
}

/** A click on a mark; on lines and beside thin bars, the point that the pointer means. */
function useClicks(
  chart: Instance | undefined,
  drawing: Drawing | undefined,
  table: Table,
  onPoint: ((click: ChartClick) => void) | undefined,
) {
  useEffect(() => {
    if (!chart || !drawing || !onPoint) return;
    const pick = (point: Point, pointer: PointerPlace | undefined) => {
      const row = drawing.rowAt(point);
      const values = row === undefined ? undefined : table.rows[row];
      if (values) onPoint({ values, x: pointer?.clientX ?? 0, y: pointer?.clientY ?? 0 });
    };
    const near = nearOn(chart, drawing);
    const isAllNear = near !== undefined && seriesOf(drawing.option).every((one) => one.type === "line");
    const click = (point: ECElementEvent) => {
      if (!isAllNear) pick(point, point.event?.event as MouseEvent | undefined);
    };
    const clickAnywhere = (event: ZrClick) => {
      if (!near || (event.target && !isAllNear)) return;
      const point = near(event);
      if (point) pick(point, event.event);
    };
    const hover = (event: ZrClick) => {
      if (near && !event.target && chart.containPixel({ gridIndex: 0 }, [event.offsetX, event.offsetY]))
        chart.getZr().setCursorStyle("pointer");
    };
    const zr = chart.getZr();
    chart.on("click", click);
    zr.on("click", clickAnywhere);
    zr.on("mousemove", hover);
    return () => {
      chart.off("click", click);
      // A chart that is gone has no canvas to listen to.
      if (chart.isDisposed()) return;
      zr.off("click", clickAnywhere);
      zr.off("mousemove", hover);
    };
  }, [chart, drawing, table, onPoint]);
}

interface PointerPlace {
  readonly clientX: number;
  readonly clientY: number;
}

interface ZrClick {
  readonly offsetX: number;
  readonly offsetY: number;
  readonly target?: unknown;
  readonly event?: PointerPlace;
}

/** How to find the mark that a place in the plot means; undefined for charts whose marks must be hit. */
function nearOn(chart: Instance, drawing: Drawing): ((event: ZrClick) => Point | undefined) | undefined {
  const series = seriesOf(drawing.option);
  const isLines = series.length > 0 && series.every((one) => one.type === "line");
  const isOneBar = series.length === 1 && series[0]?.type === "bar";
  if (!isLines && !isOneBar) return undefined;
  const { yAxis } = drawing.option;
  const isLying = !Array.isArray(yAxis) && yAxis?.type === "category";
  return ({ offsetX, offsetY }) => {
    const pixel = [offsetX, offsetY];
    if (!chart.containPixel({ gridIndex: 0 }, pixel)) return undefined;
    const [x, y] = chart.convertFromPixel({ seriesIndex: 0 }, pixel);
    if (typeof x !== "number" || typeof y !== "number") return undefined;
    if (isOneBar) return { seriesIndex: 0, dataIndex: Math.round(isLying ? y : x) };
    return nearestPoint(series, [x, y]);
  };
}
