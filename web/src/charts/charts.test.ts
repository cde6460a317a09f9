// @vitest-environment node
import { describe, expect, test } from "vitest";
import { SAMPLES } from "./fixtures/samples";
import { renderSvg } from "./ssr";

const sizes = [
  { width: 640, height: 320 },
  { width: 280, height: 160 },
];

describe.each(SAMPLES.map((sample) => [sample.name, sample] as const))(
  "%s",
  (_name, { type, table, config }) => {
    test.each(["light", "dark"] as const)("draws in %s at any size without a broken number", (theme) => {
      for (const size of sizes) {
        const svg = renderSvg(type, table, config, { theme, locale: "en", timeZone: "UTC", ...size });

        expect(svg).toContain("<path");
        expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      }
    });
  },
);
