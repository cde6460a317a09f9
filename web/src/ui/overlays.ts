/**
 * Toasts and questions, asked for from anywhere. What draws them is heavy and not needed for the first picture, so
 * it is loaded with the first request; see OverlayHost.
 */
import { createStore } from "zustand/vanilla";

export interface Toast {
  id: number;
  message: string;
  kind: "info" | "good" | "bad";
  action?: { label: string; onClick: () => void };
}

export interface Question {
  title: string;
  message: string;
  confirm?: string;
  /** What is asked about can be undone. */
  isHarmless?: boolean;
  onConfirm: () => void;
}

interface State {
  /** Waiting to be shown; the host takes them out. */
  toasts: Toast[];
  question: Question | null;
}

export const overlays = createStore<State>(() => ({ toasts: [], question: null }));

let count = 0;

export function pushToast(toast: Omit<Toast, "id">): void {
  count += 1;
  const next = { ...toast, id: count };
  overlays.setState(({ toasts }) => ({ toasts: [...toasts, next] }));
}

export function ask(question: Question | null): void {
  overlays.setState({ question });
}
