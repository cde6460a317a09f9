/** What jsdom lacks and Mantine needs. Runs in the `node` environment too, so `window` is guarded. */
import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// What is loaded when it is first shown takes its time on a machine with other things to do.
configure({ asyncUtilTimeout: 15_000 });

if (typeof window !== "undefined") {
  window.matchMedia ??= (query: string) =>
    ({
      matches: false,
      media: query,
      onchange: null,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
      addListener: () => undefined,
      removeListener: () => undefined,
      dispatchEvent: () => false,
    }) as MediaQueryList;
  class Observer {
    observe() {}
    unobserve() {}
    disconnect() {}
    takeRecords() {
      return [];
    }
  }
  window.ResizeObserver ??= Observer as unknown as typeof ResizeObserver;
  window.IntersectionObserver ??= Observer as unknown as typeof IntersectionObserver;
  window.scrollTo = () => undefined;
  window.HTMLElement.prototype.scrollIntoView ??= () => undefined;
  Object.defineProperty(document, "fonts", {
    configurable: true,
    value: {
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
      ready: Promise.resolve(),
    },
  });
  afterEach(cleanup);
}
