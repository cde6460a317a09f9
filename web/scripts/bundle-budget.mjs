/**
 * Weighs what the build made against what a reader should have to wait for. Reads Vite's manifest; sizes are gzip -9,
 * in KB of 1000 bytes. Fails when a part is too heavy.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const PUBLIC = "src/app/routes/public.tsx";
const EMBED = "src/app/routes/embed.tsx";
/** What a stranger never needs. */
const NOT_PUBLIC = /features\/(editor|sql-editor|grid|history|revisions|sharing|bundles|datasources)\//;
const DIST = new URL("../../src/tesela/web_dist/", import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(join(DIST, ".vite/manifest.json"), "utf8"));

const sizes = new Map();
function weigh(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length / 1000);
  return sizes.get(file);
}

/** The scripts that come with an entry: its own and all that it imports at once, not what it may load later. */
function scriptsOf(entry, seen = new Set()) {
  const chunk = manifest[entry];
  if (!chunk) throw new Error(`The build has no ${entry}; bring scripts/bundle-budget.mjs up to date.`);
  if (seen.has(chunk.file)) return seen;
  if (chunk.file.endsWith(".js")) seen.add(chunk.file);
  for (const next of chunk.imports ?? []) scriptsOf(next, seen);
  return seen;
}

function together(entries) {
  const all = new Set();
  for (const entry of entries) for (const file of scriptsOf(entry)) all.add(file);
  return all;
}

/** What a page may ever load, at once or later, besides the first load that all pages share. */
function reachOf(page, seen = new Set()) {
  if (page === "index.html" || seen.has(page)) return seen;
  seen.add(page);
  const { imports = [], dynamicImports = [] } = manifest[page];
  for (const next of [...imports, ...dynamicImports]) reachOf(next, seen);
  return seen;
}

const taken = new Set();
/** The files of these entries that no part before them already paid for. */
function part(entries) {
  const files = [...together(entries)].filter((file) => !taken.has(file));
  for (const file of files) taken.add(file);
  return files;
}

/** The file of this entry alone: the rest of what it needs came with the page that opens it. */
function own(entry) {
  const { file } = manifest[entry];
  taken.add(file);
  return [file];
}

const total = (files) => files.reduce((sum, file) => sum + weigh(file), 0);

const parts = [
  ["entry + dashboard view", 190, part(["index.html", "src/app/routes/dashboard.tsx"])],
  [
    "charts, base",
    215,
    part(["src/charts/Chart.tsx", "src/charts/engine-base.ts", "src/charts/draws-base.ts"]),
  ],
  ["charts, the others", 55, part(["src/charts/more.ts"])],
  ["entry + public page", 165, [...together(["index.html", PUBLIC])]],
  ["entry + embedded view", 190, [...together(["index.html", EMBED])]],
  ["SQL editor", 130, own("src/features/sql-editor/SqlEditor.tsx")],
];
const css = [...new Set(Object.values(manifest).flatMap((chunk) => chunk.css ?? []))];
parts.push(["all styles", 40, css]);
// Whatever else loads later: each file by itself, for lazy parts share many of them.
const others = new Set(Object.values(manifest).map((chunk) => chunk.file));
for (const file of others) if (file.endsWith(".js") && !taken.has(file)) parts.push([file, 60, [file]]);

let isTooHeavy = false;
for (const [name, limit, files] of parts) {
  const weight = total(files);
  const over = weight > limit;
  if (files[0] === name && weight < 20) continue;
  isTooHeavy ||= over;
  console.log(
    `${over ? "OVER" : "  ok"}  ${weight.toFixed(1).padStart(6)} / ${String(limit).padStart(3)} KB  ${name}`,
  );
}
for (const page of [PUBLIC, EMBED]) {
  const strays = [...reachOf(page)].filter((name) => NOT_PUBLIC.test(name));
  if (strays.length === 0) continue;
  console.error(`${page} can load what its readers never need: ${strays.join(", ")}`);
  process.exitCode = 1;
}
if (isTooHeavy) {
  console.error("\nThe largest files of the first load:");
  const first = [...together(["index.html", "src/app/routes/dashboard.tsx"])].sort(
    (a, b) => weigh(b) - weigh(a),
  );
  for (const file of first.slice(0, 8)) console.error(`  ${weigh(file).toFixed(1).padStart(6)}  ${file}`);
  process.exitCode = 1;
}
