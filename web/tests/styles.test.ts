/** Mantine's styles come one component at a time: a component without its file would silently look broken. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const SRC = join(__dirname, "../src");
const STYLES = join(__dirname, "../node_modules/@mantine/core/styles");

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx$/.test(entry.name) ? [readFileSync(path, "utf8")] : [];
  });
}

test("each Mantine component that is used has its styles", () => {
  const imported = readFileSync(join(SRC, "app/styles.ts"), "utf8");
  const used = new Set(
    sources(SRC).flatMap((text) =>
      [...text.matchAll(/import\s*\{([^}]*)\}\s*from\s*"@mantine\/core"/g)].flatMap(([, names]) =>
        String(names)
          .split(",")
          .map((name) => name.trim()),
      ),
    ),
  );

  const missing = [...used].filter(
    (name) => existsSync(join(STYLES, `${name}.css`)) && !imported.includes(`/styles/${name}.css"`),
  );

  expect(missing).toEqual([]);
  expect(used.size).toBeGreaterThan(20);
});
