/** Single keys: they never fire while someone types, nor inside a dialog, and can be turned off. */
import { useEffect, useRef, useSyncExternalStore } from "react";
import { recall, remember } from "./storage";

const KEY = "tesela.single-keys";
const listeners = new Set<() => void>();
let enabled = recall(KEY) !== "off";

export function setSingleKeys(on: boolean): void {
  enabled = on;
  remember(KEY, on ? null : "off");
  for (const listener of listeners) listener();
}

export function useSingleKeys(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => enabled,
  );
}

export type KeyMap = Record<string, (event: KeyboardEvent) => void>;

const TYPED_IN = "input, textarea, select, [contenteditable=''], [contenteditable='true'], .cm-editor";

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TYPED_IN) !== null;
}

function isInDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[role='dialog'], [role='menu']") !== null;
}

/** Calls the function of the pressed key. Pass `null` to listen to nothing. */
export function useKeys(keys: KeyMap | null): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const act = latest.current?.[event.key];
      if (!act || isTyping(event.target) || isInDialog(event.target)) return;
      if (!enabled && event.key !== "Escape") return;
      event.preventDefault();
      act(event);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}
