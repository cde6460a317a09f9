/** A tile, or the whole dashboard, as a file, in the state in which it is seen. */

import { send } from "@/api/client";
import type { Dashboard, Tile } from "@/api/types";
import { tileBody, viewBody } from "@/interaction/body";
import type { ViewState } from "@/interaction/state";
import { fileNameIn, saveFile } from "@/lib/download";
import { toast, toastError } from "@/ui/toast";
import { useExportText } from "./text";

export type Format = "csv" | "xlsx";

export function downloadTile(
  dashboardId: string,
  tile: Tile,
  format: Format,
  state: ViewState,
): Promise<void> {
  const body = { format, ...tileBody(state, tile) };
  return download(`/api/dashboards/${dashboardId}/tiles/${tile.id}/export`, body, tile.title, format);
}

export function downloadDashboard(
  dashboard: Pick<Dashboard, "id" | "name">,
  state: ViewState,
): Promise<void> {
  const body = { format: "xlsx", ...viewBody(state) };
  return download(`/api/dashboards/${dashboard.id}/export`, body, dashboard.name, "xlsx");
}

/** The file, or null when the connection ended before its end. */
async function whole(response: Response): Promise<Blob | null> {
  try {
    return await response.blob();
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** After this much time a word says that something is going on. */
const PATIENCE_MS = 700;

async function download(path: string, body: object, name: string, format: Format): Promise<void> {
  const t = useExportText.now();
  const timer = setTimeout(() => toast({ message: t.preparing(name) }), PATIENCE_MS);
  try {
    const response = await send(path, { method: "POST", body, headers: { Accept: "*/*" } });
    const file = await whole(response);
    if (!file) {
      toast({ message: t.broken, kind: "bad" });
      return;
    }
    const called = fileNameIn(response.headers.get("Content-Disposition")) ?? `${name}.${format}`;
    saveFile(file, called);
    toast({ message: t.done(called), kind: "good" });
  } catch (error) {
    toastError(error);
  } finally {
    clearTimeout(timer);
  }
}
