/** How old the numbers are, and whether they renew themselves. */

import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useIsRunning, useOldest } from "@/api/tile-data";
import type { Dashboard } from "@/api/types";
import { useHeldFor, useNow } from "@/lib/hooks";
import { ago, exactly } from "@/lib/time";
import { IconButton } from "@/ui/IconButton";
import { useDashboardText } from "./text";
import type { TileRuns } from "./useTileRuns";
import classes from "./view.module.css";

export function Age({ dashboard, runs }: { dashboard: Dashboard; runs: TileRuns }) {
  const t = useDashboardText();
  const now = useNow(15_000);
  const isSlow = useHeldFor(useIsRunning(runs.data, runs.ids), 300);
  const oldest = useOldest(runs.data, runs.ids);
  const every = dashboard.refresh_interval_seconds;
  const when = oldest ? t.updatedAgo(ago(oldest, now)) : "";
  const text = isSlow ? t.running : runs.isPaused ? `${when} · ${t.paused}` : when;
  return (
    <div className={classes.age}>
      <span
        className={classes.ageText}
        data-live={(every && !runs.isPaused) || undefined}
        data-testid="age"
        title={[exactly(oldest), every && t.autoRefresh(t.refreshSeconds(every))].filter(Boolean).join(" · ")}
      >
        {text}
      </span>
      {every && (
        <IconButton
          label={runs.isPaused ? t.resumeRefresh : t.pauseRefresh}
          look="bare"
          className={classes.pause}
          onClick={() => runs.setPaused(!runs.isPaused)}
        >
          {runs.isPaused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
        </IconButton>
      )}
    </div>
  );
}
