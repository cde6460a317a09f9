/** The layers of the web app: imports only point down, and features meet only in routes. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { expect, test } from "vitest";

const SRC = join(__dirname, "../src");

const ALLOWED: Record<string, string[]> = {
  app: ["app", "features", "interaction", "charts", "api", "ui", "i18n", "lib"],
  features: ["interaction", "charts", "api", "ui", "i18n", "lib"],
  interaction: ["interaction", "api", "lib"],
  charts: ["charts", "i18n", "lib"],
  api: ["api", "lib"],
  ui: ["ui", "api", "i18n", "lib"],
  i18n: ["i18n", "lib"],
  lib: ["lib"],
};

/** Features that are parts of another one; the arrow goes one way only. */
const PARTS: Record<string, string[]> = {
  dashboards: [
    "bundles",
    "clicks",
    "explain",
    "export",
    "filters",
    "forecast",
    "qa",
    "revisions",
    "sharing",
    "view-as",
  ],
  editor: ["filters", "grid", "history", "metrics", "revisions", "sql-editor", "tiles"],
  clicks: ["tiles"],
  filters: ["sql-editor"],
  // An answer is drawn as a tile would be.
  qa: ["tiles"],
  // The public page has the look of the view.
  public: ["dashboards"],
  // The frame shows the view itself, under a header of its own.
  embed: ["dashboards", "export", "public"],
  // Only the type of a tile's inside.
  "view-as": ["dashboards"],
  // An edit obeys the rules of the grid, which are pure.
  history: ["grid"],
};

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return /\.tsx?$/.test(entry.name) && !/\.(test|d)\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const found = [...text.matchAll(/(?:from\s+|import\s*\(\s*|import\s+)"(\.{1,2}\/[^"]+|@\/[^"]+)"/g)];
  return found.map(([, path]) => {
    const target = String(path);
    return target.startsWith("@/") ? target.slice(2) : normalize(relative(SRC, join(dirname(file), target)));
  });
}

function problem(from: string, to: string): string | null {
  const [layer = "", feature = ""] = from.split("/");
  const [target = "", targetFeature = ""] = to.split("/");
  if (!(layer in ALLOWED)) return null; // main.tsx and declarations
  if (layer === "features" && target === "features") {
    const isOwn = feature === targetFeature || PARTS[feature]?.includes(targetFeature);
    return isOwn ? null : `${from} imports ${to}: features meet only in src/app/routes`;
  }
  return ALLOWED[layer]?.includes(target) ? null : `${from} imports ${to}: ${layer} may not know ${target}`;
}

test("imports point down", () => {
  const problems = files(SRC).flatMap((file) =>
    importsOf(file).flatMap((to) => problem(relative(SRC, file), to) ?? []),
  );

  expect(problems).toEqual([]);
});

test("the check itself sees a wrong arrow", () => {
  expect(problem("lib/url.ts", "api/client")).toContain("lib may not know api");
  expect(problem("features/people/a.tsx", "features/auth/b")).toContain("meet only");
  expect(problem("features/editor/a.tsx", "features/grid/b")).toBeNull();
});
