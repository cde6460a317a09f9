/** One number, how it changed, and the line that led to it. No chart engine. */
import { type CSSProperties, type ReactNode, useId, useMemo } from "react";
import { CannotDraw, type ChartConfig, type Table } from "@/charts/contract";
import { type Delta, type Kpi, readKpi, sparkPath } from "./kpi";
import { useTilesText } from "./text";
import classes from "./tiles.module.css";

interface Props {
  table: Table;
  config: ChartConfig;
  locale: string;
  onPoint?: (values: Readonly<Record<string, unknown>>, at: { x: number; y: number }) => void;
  /** What to show when the data has no such value. */
  problem: (problem: CannotDraw) => ReactNode;
}

function attempt(table: Table, config: ChartConfig, locale: string): Kpi | CannotDraw {
  try {
    return readKpi(table, config, locale);
  } catch (error) {
    if (error instanceof CannotDraw) return error;
    throw error;
  }
}

export function KpiBody({ table, config, locale, onPoint, problem }: Props) {
  const kpi = useMemo(() => attempt(table, config, locale), [table, config, locale]);
  if (kpi instanceof CannotDraw) return problem(kpi);
  const hasSpark = kpi.spark.length > 0;
  const figures = { "--length": Math.max(kpi.text.length, 4) } as CSSProperties;
  const value = (
    <span className={classes.kpiValue} style={figures} title={kpi.full}>
      {kpi.text}
    </span>
  );
  const last = table.rows.at(-1);
  return (
    <div className={classes.kpi} data-spark={hasSpark} data-ready="true">
      <div className={classes.kpiHead}>
        {onPoint && last ? (
          <button
            type="button"
            className={classes.kpiButton}
            onClick={({ currentTarget }) => {
              const { left, bottom } = currentTarget.getBoundingClientRect();
              onPoint(last, { x: left + 12, y: bottom });
            }}
          >
            {value}
          </button>
        ) : (
          value
        )}
        {kpi.delta && <DeltaText delta={kpi.delta} label={kpi.compareLabel} />}
      </div>
      {hasSpark && <Sparkline values={kpi.spark} />}
    </div>
  );
}

const ARROWS = { up: "▲", down: "▼", flat: "■" } as const;
const SPOKEN = { up: "+", down: "−", flat: "" } as const;

function DeltaText({ delta, label }: { delta: Delta; label: string | undefined }) {
  const t = useTilesText();
  return (
    <div className={classes.delta} title={t.previous(delta.before)}>
      <span className={classes.deltaFigure} data-mood={delta.mood}>
        <span aria-hidden="true" className={classes.arrow}>
          {ARROWS[delta.direction]}
        </span>{" "}
        <span className={classes.srOnly}>{SPOKEN[delta.direction]}</span>
        {delta.direction === "flat" ? t.unchanged : delta.text}
      </span>{" "}
      <span className={classes.deltaLabel}>{label ?? t.against(delta.before)}</span>
    </div>
  );
}

function Sparkline({ values }: { values: readonly (number | null)[] }) {
  const spark = useMemo(() => sparkPath(values), [values]);
  const fill = useId();
  return (
    <div className={classes.spark} aria-hidden="true">
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" focusable="false" aria-hidden="true">
        <defs>
          <linearGradient id={fill} x1="0" y1="0" x2="0" y2="1">
            <stop offset="0" stopColor="currentColor" stopOpacity="0.22" />
            <stop offset="1" stopColor="currentColor" stopOpacity="0.02" />
          </linearGradient>
        </defs>
        <path d={spark.area} fill={`url(#${fill})`} />
        <path
          d={spark.line}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.75"
          strokeLinejoin="round"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <i className={classes.sparkEnd} style={{ top: `${spark.end}%` }} />
    </div>
  );
}
