// @vitest-environment node
import { describe, expect, test } from "vitest";
import {
  duration,
  formatFull,
  formatMoment,
  formatMomentShort,
  formatPercent,
  formatShort,
  formatTick,
  formatTimeTick,
  grainOf,
  type NumberStyle,
  styleOf,
} from "./format";

const plain = (text: string) => text.replaceAll("\u00a0", " ").replaceAll("\u202f", " ");

describe("a number", () => {
  test.each<[number, NumberStyle, string, string, string]>([
    [4823512.5, {}, "4.82M", "4,823,512.5", "4.824M"],
    [58665, {}, "58.7K", "58,665", "58.67K"],
    [9705, {}, "9,705", "9,705", "9,705"],
    [0, {}, "0", "0", "0"],
    [-0, {}, "0", "0", "0"],
    [-12.345, {}, "-12.3", "-12.345", "-12.35"],
    [0.1 + 0.2, {}, "0.3", "0.3", "0.3"],
    [0.00042, {}, "0.00042", "0.00042", "0.00042"],
    [1e15, {}, "1000T", "1,000,000,000,000,000", "1000T"],
    [0.7456, { format: "percent" }, "74.6%", "74.6%", "74.56%"],
    [1, { format: "percent" }, "100%", "100%", "100%"],
    [1234.5, { format: "currency", currency: "EUR" }, "€1,235", "€1,234.50", "€1,235"],
    [12.5, { format: "currency" }, "$12.50", "$12.50", "$12.5"],
    [4823512, { prefix: "$" }, "$4.82M", "$4,823,512", "$4.824M"],
    [4.8235, { prefix: "$", suffix: "M", decimals: 1 }, "$4.8M", "$4.8M", "$4.824M"],
    [1500, { format: "compact" }, "1.5K", "1,500", "1.5K"],
    [48000, { decimals: 2 }, "48.00K", "48,000.00", "48K"],
    [5400, { format: "duration" }, "1 h 30 min", "1 h 30 min", "1 h 30 min"],
  ])("%d as %j is %s, in full %s, on an axis %s", (value, style, short, full, tick) => {
    expect([formatShort, formatFull, formatTick].map((format) => plain(format(value, style, "en")))).toEqual([
      short,
      full,
      tick,
    ]);
  });

  test("follows the reader's language", () => {
    expect(plain(formatFull(1234567.5, {}, "es"))).toBe("1.234.567,5");
    expect(plain(formatPercent(0.125, "es"))).toBe("12,5 %");
  });

  test("takes from the config only what makes sense", () => {
    expect(
      styleOf({ valueFormat: "roman", currency: "euro", decimals: 99, prefix: 4, suffix: " km" }),
    ).toEqual({ suffix: " km" });
  });
});

test.each([
  [0.25, "0.3 s"],
  [59.4, "59 s"],
  [61, "1 min 1 s"],
  [3600, "1 h"],
  [90061, "1 d 1 h"],
  [-75, "−1 min 15 s"],
])("%d seconds are %s", (seconds, expected) => {
  expect(duration(seconds)).toBe(expected);
});

describe("a moment", () => {
  const at = Date.UTC(2013, 6, 4, 9, 5);
  const day = 86_400_000;

  test.each([
    [[Date.UTC(2012, 0), Date.UTC(2013, 0)], "year"],
    [[Date.UTC(2013, 1), null, Date.UTC(2013, 2)], "month"],
    [[Date.UTC(2013, 0, 1)], "day"],
    [[Date.UTC(2013, 0, 1), Date.UTC(2013, 0, 2)], "day"],
    [[at], "minute"],
    [[at + 1000], "second"],
  ])("%j is told by %s", (times, expected) => {
    expect(grainOf(times)).toBe(expected);
  });

  test.each([
    ["year", "2013", "2013"],
    ["month", "July 2013", "Jul"],
    ["day", "Thu, Jul 4, 2013", "Jul 4"],
    ["minute", "Jul 4, 2013, 09:05", "Jul 4, 09:05"],
  ] as const)("by %s is %s in full and %s in short", (grain, full, short) => {
    expect([formatMoment(at, grain, "en"), formatMomentShort(at, grain, "en", false)]).toEqual([full, short]);
  });

  test.each([
    [Date.UTC(2013, 0, 1), 400 * day, "2013"],
    [Date.UTC(2013, 3, 1), 400 * day, "Apr"],
    [Date.UTC(2013, 3, 1), 30 * day, "Apr 1"],
    [Date.UTC(2013, 3, 9), 400 * day, "Apr 9"],
    [at, day, "09:05"],
  ])("a tick at %d over a span of %d reads %s", (wall, span, expected) => {
    expect(formatTimeTick(wall, span, "en")).toBe(expected);
  });
});
