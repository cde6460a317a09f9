/** The dashboard as a file, saved by the browser. */
import { exportBundle } from "@/api/queries/bundles";
import type { Dashboard } from "@/api/types";
import { fileNameIn, saveFile } from "@/lib/download";
import { toast, toastError } from "@/ui/toast";
import { useBundlesText } from "./text";

export async function exportFile({ id, name }: Pick<Dashboard, "id" | "name">): Promise<void> {
  try {
    const response = await exportBundle(id);
    const called = fileNameIn(response.headers.get("Content-Disposition")) ?? `${name}.qry-dashboard.json`;
    saveFile(await response.blob(), called);
    toast({ message: useBundlesText.now().exported(called), kind: "good" });
  } catch (error) {
    toastError(error);
  }
}
