import { afterEach, describe, expect, test } from "vitest";
import { setLocale } from "./locale";
import { ago, exactly, toMillis } from "./time";

const NOW = Date.parse("2026-11-21T12:00:00Z");

afterEach(() => setLocale("en"));

describe("ago", () => {
  test.each([
    ["2026-11-21T11:59:30Z", "just now"],
    ["2026-11-21T11:58:00Z", "2 min. ago"],
    ["2026-11-21T09:00:00Z", "3 hr. ago"],
    ["2026-11-20T11:00:00Z", "yesterday"],
    ["2025-01-01T00:00:00Z", "last yr."],
  ])("%s is %s", (iso, words) => {
    setLocale("en");

    expect(ago(iso, NOW)).toBe(words);
  });

  test("a clock that runs ahead of ours still says just now", () => {
    setLocale("en");

    expect(ago("2026-11-21T12:05:00Z", NOW)).toBe("just now");
  });

  test("speaks Spanish", () => {
    setLocale("es");

    expect(ago("2026-11-21T11:58:00Z", NOW)).toBe("hace 2 min");
  });

  test("nothing for no time", () => {
    expect(ago(null, NOW)).toBe("");
  });
});

test("a time without a zone is UTC", () => {
  expect(toMillis("2026-11-21T12:00:00")).toBe(NOW);
  expect(toMillis("2026-11-21T13:00:00+01:00")).toBe(NOW);
  expect(toMillis("yesterday")).toBeNull();
});

test("exactly is empty for what is no time", () => {
  expect(exactly("nonsense")).toBe("");
  expect(exactly("2026-11-21T12:00:00Z")).toContain("2026");
});
