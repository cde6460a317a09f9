/** What one can do with a whole dashboard, each with its word on the screen afterwards. */

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import {
  addPage,
  addTile,
  archiveDashboard,
  createDashboard,
  dashboardChanged,
  dashboardQuery,
  deleteDashboard,
  renamePage,
  updateDashboard,
} from "@/api/queries/dashboards";
import type { Dashboard, DashboardSummary } from "@/api/types";
import { confirmDanger } from "@/ui/confirm";
import { toast, toastError, toastUndo } from "@/ui/toast";
import { useDashboardText } from "./text";

interface Next {
  onCreated?: (id: string) => void;
  onDeleted?: () => void;
}

export function useDashboardActions(dashboard: Pick<DashboardSummary, "id" | "name">, next: Next) {
  const client = useQueryClient();
  const t = useDashboardText();
  const { id, name } = dashboard;

  const run = async (act: () => Promise<unknown>) => {
    try {
      await act();
      await dashboardChanged(client);
      return true;
    } catch (error) {
      toastError(error);
      return false;
    }
  };
  const unarchive = async () => {
    if (await run(() => updateDashboard(id, { is_archived: false })))
      toast({ message: t.wasUnarchived(name) });
  };
  const archive = async () => {
    if (await run(() => archiveDashboard(id))) toastUndo(t.wasArchived(name), unarchive);
  };
  const remove = async () => {
    if (!(await run(() => deleteDashboard(id)))) return;
    toast({ message: t.wasDeleted(name) });
    next.onDeleted?.();
  };
  const askDelete = () =>
    confirmDanger({ title: t.deleteTitle(name), message: t.deleteWhy, onConfirm: () => void remove() });
  const duplicate = async () => {
    let copy: Dashboard | null = null;
    const made = await run(async () => {
      copy = await copyDashboard(client, id, t.copyOf(name));
    });
    if (!made || !copy) return;
    toast({ message: t.wasDuplicated((copy as Dashboard).name), kind: "good" });
    next.onCreated?.((copy as Dashboard).id);
  };
  return { archive, unarchive, askDelete, duplicate };
}

/** A new dashboard with the same pages and tiles. When a step fails, what was made is taken away again. */
async function copyDashboard(client: QueryClient, id: string, name: string): Promise<Dashboard> {
  const source = await client.fetchQuery({ ...dashboardQuery(id), staleTime: 0 });
  const copy = await createDashboard({
    name,
    description: source.description,
    workspace_id: source.workspace_id,
    layout: source.layout,
    refresh_interval_seconds: source.refresh_interval_seconds,
    time_zone: source.time_zone,
    tags: source.tags,
    filters: source.filters,
    settings: source.settings,
  });
  try {
    await copyPages(source, copy);
  } catch (error) {
    await deleteDashboard(copy.id);
    throw error;
  }
  return copy;
}

async function copyPages(source: Dashboard, copy: Dashboard): Promise<void> {
  const pages = source.pages.toSorted((a, b) => a.page_order - b.page_order);
  const first = copy.pages[0];
  for (const [index, page] of pages.entries()) {
    const target =
      index === 0 && first
        ? (await renamePage(copy.id, first.id, page.name)).value
        : (await addPage(copy.id, page.name)).value;
    const tiles = source.tiles.filter((tile) => tile.page_id === page.id);
    for (const tile of tiles) {
      const { id: _id, dashboard_id, warnings, created_at, updated_at, ...fields } = tile;
      await addTile(copy.id, { ...fields, page_id: target.id });
    }
  }
}
