/** What the dashboard was: every change, the states with a name, and the ways back. */

import { Drawer, Tabs } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { dashboardChanged } from "@/api/queries/dashboards";
import { restoreRevision } from "@/api/queries/revisions";
import type { Dashboard } from "@/api/types";
import { toastError, toastUndo } from "@/ui/toast";
import { Changes } from "./Changes";
import { Checkpoints } from "./Checkpoints";
import { Compared, type Pair } from "./Compared";
import classes from "./revisions.module.css";
import { useRevisionsText } from "./text";

interface Props {
  dashboard: Pick<Dashboard, "id" | "can_own">;
  onClose: () => void;
  /** The dashboard was put back: an open editor must read it again. */
  onRestored?: () => Promise<void>;
}

export interface Restoring {
  /** Runs what puts the dashboard back; `before` is the number of the state until then. */
  run: (act: () => Promise<unknown>, said: string, before: number | undefined) => Promise<void>;
  isRunning: boolean;
}

export function HistoryPanel({ dashboard, onClose, onRestored }: Props) {
  const t = useRevisionsText();
  const [pair, setPair] = useState<Pair | null>(null);
  const restoring = useRestoring(dashboard.id, onRestored);
  return (
    <Drawer opened onClose={onClose} title={t.history} position="right" size={520} styles={TITLE}>
      {pair && (
        <Compared dashboard={dashboard} pair={pair} restoring={restoring} onBack={() => setPair(null)} />
      )}
      <div hidden={pair !== null}>
        <Tabs defaultValue="changes" keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="changes">{t.changes}</Tabs.Tab>
            {dashboard.can_own && <Tabs.Tab value="checkpoints">{t.checkpoints}</Tabs.Tab>}
          </Tabs.List>
          <Tabs.Panel value="changes" className={classes.panel}>
            <Changes dashboardId={dashboard.id} onPair={setPair} />
          </Tabs.Panel>
          <Tabs.Panel value="checkpoints" className={classes.panel}>
            <Checkpoints dashboardId={dashboard.id} restoring={restoring} onPair={setPair} />
          </Tabs.Panel>
        </Tabs>
      </div>
    </Drawer>
  );
}

const TITLE = { title: { fontWeight: 640 } };

/** Restores, shows the dashboard anew, and offers the way back. */
function useRestoring(dashboardId: string, onRestored?: () => Promise<void>): Restoring {
  const client = useQueryClient();
  const [isRunning, setRunning] = useState(false);
  const attempt = async (act: () => Promise<unknown>): Promise<boolean> => {
    setRunning(true);
    try {
      await act();
      await dashboardChanged(client);
      await onRestored?.();
      return true;
    } catch (error) {
      toastError(error);
      return false;
    } finally {
      setRunning(false);
    }
  };
  const run: Restoring["run"] = async (act, said, before) => {
    if (!(await attempt(act)) || before === undefined) return;
    toastUndo(said, () => void attempt(() => restoreRevision(dashboardId, before)));
  };
  return { run, isRunning };
}
