/**
 * Which part of this page the reader sees. A frame that grew to its page is taller than the window it is in, and what
 * stands fixed in it (dialogs, toasts) would stand in the middle of the page, out of sight.
 */
import { useEffect } from "react";

const STYLE = `
.mantine-Modal-inner { top: var(--seen-top, 0); bottom: auto; height: var(--seen-height, 100dvh); }
.mantine-Modal-content { max-height: calc(var(--seen-height, 100dvh) - var(--modal-y-offset, 0px) * 2) !important; }
.mantine-Modal-root[data-full-screen] .mantine-Modal-content { height: 100%; max-height: 100% !important; }
.mantine-Notifications-root[data-position^="bottom"] { bottom: calc(100dvh - var(--seen-top, 0px) - var(--seen-height, 100dvh) + 16px); }
`;

/** Keeps what opens where the reader looks: asked at each press, before anything opens. */
export function useSeen(): void {
  useEffect(() => {
    const sheet = document.createElement("style");
    sheet.textContent = STYLE;
    document.head.append(sheet);
    const root = document.documentElement;
    // In the words of this page, also where the window around it is another site's.
    const watch = new IntersectionObserver((entries) => {
      const seen = entries.at(-1)?.intersectionRect;
      watch.disconnect();
      if (!seen || seen.height === 0) return;
      root.style.setProperty("--seen-top", `${Math.round(Math.max(0, seen.top))}px`);
      root.style.setProperty("--seen-height", `${Math.round(Math.min(seen.height, window.innerHeight))}px`);
    });
    const look = () => {
      watch.disconnect();
      watch.observe(root);
    };
    look();
    const presses = ["pointerdown", "keydown"] as const;
    for (const press of presses) window.addEventListener(press, look, true);
    return () => {
      for (const press of presses) window.removeEventListener(press, look, true);
      watch.disconnect();
      sheet.remove();
    };
  }, []);
}
