/** The shape of what is to come; says how long it takes when that is long. */
import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTilesText } from "./text";
import classes from "./tiles.module.css";

interface Props {
  shape: string;
  title: string;
  onCancel?: () => void;
}

const BARS = [46, 72, 58, 90, 64, 80, 38, 55];

export function Skeleton({ shape, title, onCancel }: Props) {
  const t = useTilesText();
  const seconds = useSeconds();
  return (
    <div className={classes.skeleton} role="status" aria-label={t.loading(title)} data-loading="true">
      <Shape shape={shape} />
      {seconds >= 10 && (
        <div className={classes.slow}>
          <span>{t.stillRunning(seconds)}</span>
          {onCancel && (
            <Button size="compact-xs" variant="default" onClick={onCancel}>
              {t.cancel}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function useSeconds(): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const started = Date.now();
    const timer = setInterval(() => setSeconds(Math.round((Date.now() - started) / 1000)), 1000);
    return () => clearInterval(timer);
  }, []);
  return seconds;
}

const ROUND = new Set(["pie", "sunburst", "chord", "radar", "gauge"]);
const CURVED = new Set(["line", "area", "scatter", "candlestick"]);

function Shape({ shape }: { shape: string }) {
  if (shape === "kpi")
    return (
      <div className={classes.bones} data-shape="kpi">
        <i />
        <i />
      </div>
    );
  if (shape === "text") return <Lines widths={[60, 96, 88, 92, 40]} />;
  if (shape === "table") return <Lines widths={[100, 100, 100, 100, 100, 100]} />;
  if (ROUND.has(shape))
    return (
      <div className={classes.bones} data-shape="round">
        <i />
      </div>
    );
  if (CURVED.has(shape))
    return (
      <svg className={classes.boneCurve} viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true">
        <path d="M0 30C12 26 18 12 30 16S48 32 60 24 78 6 100 10V40H0Z" />
      </svg>
    );
  return (
    <div className={classes.bones} data-shape="bars">
      {BARS.map((height) => (
        <i key={height} style={{ height: `${height}%` }} />
      ))}
    </div>
  );
}

function Lines({ widths }: { widths: readonly number[] }) {
  return (
    <div className={classes.bones} data-shape="lines">
      {widths.map((width, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list of equal lines
        <i key={at} style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
