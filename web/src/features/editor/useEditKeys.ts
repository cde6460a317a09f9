/** Ctrl or Cmd with Z, Shift+Z and Y, everywhere in edit mode but where text is typed or a dialog is open. */

import { useEffect, useRef } from "react";

export function useEditKeys(isOn: boolean, undo: () => void, redo: () => void): void {
  const latest = useRef({ undo, redo });
  latest.current = { undo, redo };
  useEffect(() => {
    if (!isOn) return;
    const press = (event: KeyboardEvent) => {
      const way = wayOf(event);
      if (!way || isTextTarget(event.target)) return;
      event.preventDefault();
      latest.current[way]();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [isOn]);
}

export function wayOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? ("redo" as const) : ("undo" as const);
  return key === "y" && !event.shiftKey ? ("redo" as const) : null;
}

function isTextTarget(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest("input, textarea, [contenteditable=true], [role=dialog]") !== null
  );
}
