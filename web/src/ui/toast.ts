/** Short messages at the edge of the screen. */
import { sentenceOf } from "@/api/client";
import { useCommon } from "@/i18n/common";
import { pushToast } from "./overlays";

interface Message {
  message: string;
  kind?: "info" | "good" | "bad";
  /** One action, such as Undo. */
  action?: { label: string; onClick: () => void };
}

export function toast({ kind = "info", ...rest }: Message): void {
  pushToast({ kind, ...rest });
}

export function toastError(error: unknown): void {
  toast({ message: sentenceOf(error), kind: "bad" });
}

/** "Deleted. Undo" */
export function toastUndo(message: string, undo: () => void): void {
  toast({ message, action: { label: useCommon.now().undo, onClick: undo } });
}
