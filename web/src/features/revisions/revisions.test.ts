import { describe, expect, test } from "vitest";
import { byDay, dayName } from "./days";
import { isShort, lineDiff, written } from "./lines";

const WORDS = { today: "Today", yesterday: "Yesterday" };
const at = (...parts: [number, number, number, number]) => new Date(...parts);

describe("days", () => {
  test("hold what was made on them, in the same order", () => {
    const items = [at(2026, 10, 21, 14), at(2026, 10, 21, 9), at(2026, 10, 20, 23)].map((when, number) => ({
      number,
      created_at: when.toISOString(),
    }));

    const days = byDay(items).map(({ key, items }) => [key, items.map((item) => item.number)]);

    expect(days).toEqual([
      ["2026-11-21", [0, 1]],
      ["2026-11-20", [2]],
    ]);
  });

  test("a time that is none stays with the one before it", () => {
    const items = [{ created_at: at(2026, 10, 21, 14).toISOString() }, { created_at: "?" }];

    expect(byDay(items)).toHaveLength(1);
  });

  test("are named as people name them", () => {
    const now = at(2026, 10, 21, 14).getTime();

    expect(dayName(at(2026, 10, 21, 1).getTime(), now, WORDS)).toBe("Today");
    expect(dayName(at(2026, 10, 20, 23).getTime(), now, WORDS)).toBe("Yesterday");
    expect(dayName(at(2026, 10, 16, 9).getTime(), now, WORDS)).toBe("Monday, November 16");
    expect(dayName(at(2025, 10, 16, 9).getTime(), now, WORDS)).toContain("2025");
  });
});

const told = (before: string, after: string) =>
  lineDiff(before, after).map(
    ({ kind, text }) => `${{ same: " ", added: "+", removed: "-", gap: "~" }[kind]}${text}`,
  );

describe("lines that differ", () => {
  test("stand between those that do not", () => {
    expect(told("a\nb\nc", "a\nx\nc")).toEqual([" a", "-b", "+x", " c"]);
  });

  test("are only the new ones when nothing was there", () => {
    expect(told("", "a\nb")).toEqual(["+a", "+b"]);
    expect(told("a", "")).toEqual(["-a"]);
  });

  test("leave a gap for what is far away", () => {
    const before = ["1", "2", "3", "4", "5", "6"].join("\n");

    expect(told(before, `${before}\n7`)).toEqual(["~", " 5", " 6", "+7"]);
  });

  test("keep the longest common part", () => {
    expect(told("select\n a,\n b\nfrom t", "select\n b,\n a,\n b\nfrom t")).toEqual(
      [" select", "+ b,", "  a,", "  b", "~"].map((line) => line),
    );
  });

  test("of texts too long to compare are all of the one and all of the other", () => {
    const many = (word: string) => Array.from({ length: 700 }, (_, n) => `${word}${n}`).join("\n");

    const lines = lineDiff(many("a"), many("b"));

    expect(lines).toHaveLength(1400);
    expect(lines[0]?.kind).toBe("removed");
    expect(lines.at(-1)?.kind).toBe("added");
  });
});

describe("values as text", () => {
  test("are the same for the same value, whatever the order of its members", () => {
    expect(written({ b: 1, a: [{ d: 2, c: 3 }] })).toBe(written({ a: [{ c: 3, d: 2 }], b: 1 }));
  });

  test.each([
    [null, ""],
    [undefined, ""],
    ["SELECT 1", "SELECT 1"],
    [3, "3"],
    [false, "false"],
    [["air", "sea"], "air, sea"],
  ])("%j is %j", (value, text) => {
    expect(written(value)).toBe(text);
  });

  test("stand side by side when both are short", () => {
    expect(isShort("bar", "line")).toBe(true);
    expect(isShort("bar", "a\nb")).toBe(false);
    expect(isShort("x".repeat(41), "")).toBe(false);
  });
});
