import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { useClock } from "./useTileRuns";

let hidden = false;

beforeEach(() => {
  vi.useFakeTimers();
  hidden = false;
  vi.spyOn(document, "hidden", "get").mockImplementation(() => hidden);
});

afterEach(() => vi.useRealTimers());

describe("the clock of a dashboard", () => {
  test("counts from the end of a run, so that runs never overlap", async () => {
    let finish: () => void = () => undefined;
    const run = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
    renderHook(() => useClock(10, run));

    await act(() => vi.advanceTimersByTimeAsync(35_000));
    expect(run).toHaveBeenCalledTimes(1);

    finish();
    await act(() => vi.advanceTimersByTimeAsync(10_000));
    expect(run).toHaveBeenCalledTimes(2);
  });

  test("does nothing in a hidden tab, and catches up when the tab is seen", async () => {
    const run = vi.fn(async () => undefined);
    renderHook(() => useClock(10, run));
    hidden = true;

    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(run).not.toHaveBeenCalled();

    hidden = false;
    await act(async () => {
      document.dispatchEvent(new Event("visibilitychange"));
    });
    expect(run).toHaveBeenCalledTimes(1);
  });

  test("does not run early only because the tab is seen again", async () => {
    const run = vi.fn(async () => undefined);
    renderHook(() => useClock(10, run));

    await act(() => vi.advanceTimersByTimeAsync(4000));
    document.dispatchEvent(new Event("visibilitychange"));

    expect(run).not.toHaveBeenCalled();
  });

  test("stands still when paused", async () => {
    const run = vi.fn(async () => undefined);
    const { rerender } = renderHook(({ every }: { every: number | null }) => useClock(every, run), {
      initialProps: { every: 10 as number | null },
    });

    rerender({ every: null });
    await act(() => vi.advanceTimersByTimeAsync(60_000));

    expect(run).not.toHaveBeenCalled();
  });
});
