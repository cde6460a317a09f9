/** Dialogs about a whole dashboard that are loaded when they are opened. */

import { lazy, type ReactNode, Suspense, useState } from "react";
import type { Dashboard, DashboardSummary } from "@/api/types";
import { toastError } from "@/ui/toast";

const loadBundles = () => import("../bundles");
const ShareDialog = lazy(() => import("../sharing").then((module) => ({ default: module.ShareDialog })));
const HistoryPanel = lazy(() => import("../revisions").then((module) => ({ default: module.HistoryPanel })));
export const ImportWizard = lazy(() => loadBundles().then((module) => ({ default: module.ImportWizard })));

/** The dashboard's configuration as a file. */
export function exportFile(dashboard: Pick<DashboardSummary, "id" | "name">): void {
  loadBundles()
    .then((bundles) => bundles.exportFile(dashboard))
    .catch(toastError);
}

type Extra = "share" | "history" | "update";

/** What a menu opens, and the dialog that is open. */
export function useExtras(dashboard: Dashboard): { open: (extra: Extra) => void; dialog: ReactNode } {
  const [extra, setExtra] = useState<Extra | null>(null);
  const close = () => setExtra(null);
  const dialog = (
    <Suspense fallback={null}>
      {extra === "share" && <ShareDialog dashboard={dashboard} onClose={close} />}
      {extra === "history" && <HistoryPanel dashboard={dashboard} onClose={close} />}
      {extra === "update" && <ImportWizard target={dashboard} onClose={close} onDone={close} />}
    </Suspense>
  );
  return { open: setExtra, dialog };
}
