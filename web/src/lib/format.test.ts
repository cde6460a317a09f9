import { afterEach, expect, test } from "vitest";
import { formatBytes, formatCompact, formatDuration, formatInteger, numberFormat } from "./format";
import { setLocale } from "./locale";

afterEach(() => setLocale("en"));

test.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1500, "1.5 kB"],
  [250_000, "250 kB"],
  [2_000_000_000, "2 GB"],
])("%i bytes are %s", (bytes, words) => {
  setLocale("en");

  expect(formatBytes(bytes)).toBe(words);
});

test.each([
  [840, "840 ms"],
  [1240, "1.2 s"],
  [12_400, "12 s"],
  [60_000, "1 min"],
  [190_000, "3 min 10 s"],
])("%i ms are %s", (ms, words) => {
  setLocale("en");

  expect(formatDuration(ms)).toBe(words);
});

test("numbers follow the language", () => {
  setLocale("en");
  const english = formatInteger(336_776);
  setLocale("es");

  expect([english, formatInteger(336_776)]).toEqual(["336,776", "336.776"]);
});

test("compact keeps three figures", () => {
  setLocale("en");

  expect(formatCompact(336_776)).toBe("337K");
});

test("a formatter is made once", () => {
  expect(numberFormat({ maximumFractionDigits: 2 }, "en")).toBe(
    numberFormat({ maximumFractionDigits: 2 }, "en"),
  );
});
