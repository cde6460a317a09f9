/** Short messages at the edge of the screen. The library comes when the first one is shown. */

import { createElement } from "react";
import { sentenceOf } from "@/api/client";
import { useCommon } from "@/i18n/common";

interface Toast {
  message: string;
  kind?: "info" | "good" | "bad";
  /** One action, such as Undo. */
  action?: { label: string; onClick: () => void };
}

let count = 0;

export async function toast({ message, kind = "info", action }: Toast): Promise<void> {
  const { notifications } = await import("@mantine/notifications");
  const id = `toast-${++count}`;
  const act = () => {
    notifications.hide(id);
    action?.onClick();
  };
  notifications.show({
    id,
    message: action
      ? createElement(
          "span",
          { style: { display: "flex", justifyContent: "space-between", gap: 12 } },
          message,
          createElement(
            "button",
            { type: "button", onClick: act, className: "t-toast-action" },
            action.label,
          ),
        )
      : message,
    color: kind === "bad" ? "red" : kind === "good" ? "teal" : "tesela",
    autoClose: kind === "bad" ? 10_000 : action ? 8000 : 4000,
    withBorder: true,
  });
}

export function toastError(error: unknown): Promise<void> {
  return toast({ message: sentenceOf(error), kind: "bad" });
}

/** "Deleted. Undo" */
export function toastUndo(message: string, undo: () => void): Promise<void> {
  return toast({ message, action: { label: useCommon.now().undo, onClick: undo } });
}
