import { describe, expect, test } from "vitest";
import { embedSnippet } from "./embed";
import { choiceOf, isCron, PRESETS, scheduleOf, withSchedule } from "./schedule";
import { endingTerms, lastMomentOf, tomorrow } from "./terms";

describe("a schedule in the settings", () => {
  test("is read with its zone, and spaces are tidied", () => {
    const settings = { schedule: { cron: " 0  6 * * 1-5 ", time_zone: "Europe/Madrid" } };

    expect(scheduleOf(settings)).toEqual({ cron: "0 6 * * 1-5", time_zone: "Europe/Madrid" });
  });

  test.each([[{}], [{ schedule: null }], [{ schedule: "0 6 * * *" }], [{ schedule: { cron: "" } }]])(
    "is absent in %j",
    (settings) => {
      expect(scheduleOf(settings)).toBeNull();
    },
  );

  test("is one of the usual ones, or one in other words, or none", () => {
    expect(choiceOf({ cron: PRESETS.weekly })).toBe("weekly");
    expect(choiceOf({ cron: "*/7 * * * *" })).toBe("custom");
    expect(choiceOf(null)).toBe("none");
  });

  test("changes without touching other settings, and keeps the zone", () => {
    const settings = { theme: "dark", schedule: { cron: "0 6 * * *", time_zone: "Asia/Tokyo" } };

    expect(withSchedule(settings, "0 * * * *")).toEqual({
      theme: "dark",
      schedule: { cron: "0 * * * *", time_zone: "Asia/Tokyo" },
    });
    expect(withSchedule(settings, null)).toEqual({ theme: "dark" });
  });

  test.each([
    ["0 6 * * 1-5", true],
    ["*/15 0-6 1,15 jan MON", true],
    ["0 6 * *", false],
    ["0 6 * * 1; rm", false],
    ["", false],
  ])("%s has the form of one: %s", (text, expected) => {
    expect(isCron(text)).toBe(expected);
  });
});

describe("when a link ends", () => {
  test("is told as days, as a moment, as never, or not at all", () => {
    expect(endingTerms("7", "")).toEqual({ expires_in_days: 7 });
    expect(endingTerms("never", "")).toEqual({ expires_at: null });
    expect(endingTerms("as-is", "")).toEqual({});
    expect(endingTerms("date", "2027-01-31")).toEqual({
      expires_at: new Date(2027, 0, 31, 23, 59, 59).toISOString(),
    });
  });

  test("is not known while the day is missing", () => {
    expect(endingTerms("date", "")).toBeNull();
    expect(lastMomentOf("31/01/2027")).toBeNull();
  });

  test("can first be tomorrow, also over the end of a year", () => {
    expect(tomorrow(new Date(2026, 11, 31, 12).getTime())).toBe("2027-01-01");
  });
});

describe("the HTML for another site", () => {
  const url = "https://bi.example.org/dashboards/shared/tsh_abc";

  test("asks for the page without its header", () => {
    const html = embedSnippet(url, "Sales", { theme: "auto", height: 640 });

    expect(html).toContain(`src="${url}?embed=1"`);
    expect(html).toContain('height="640"');
    expect(html).toContain('referrerpolicy="no-referrer"');
  });

  test("names the look where one was chosen", () => {
    expect(embedSnippet(url, "Sales", { theme: "dark", height: 640 })).toContain("?embed=1&amp;theme=dark");
  });

  test("lets no title out of its attribute", () => {
    const html = embedSnippet(url, `"><script>alert(1)</script>`, { theme: "auto", height: 640 });

    expect(html).toContain('title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
    expect(html).not.toContain("<script>");
  });
});
