/** What the wizard knows of a bundle before the server looks at it, and of its mapping to datasources. */
import type { Mapping } from "@/api/queries/bundles";
import type { Datasource, Preflight } from "@/api/types";

/** The server takes no more. */
export const MAX_BYTES = 10_000_000;

export interface BundleFile {
  name: string;
  bundle: unknown;
}

export type Unreadable = "too-large" | "not-json" | "not-a-bundle";

/** The bundle in a text, or why it is none. */
export function readBundle(text: string): { bundle: unknown } | { problem: Unreadable } {
  let bundle: unknown;
  try {
    bundle = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: "not-json" };
    throw error;
  }
  const isOne = bundle !== null && typeof bundle === "object" && "schema_version" in bundle;
  return isOne ? { bundle } : { problem: "not-a-bundle" };
}

/** What was chosen, else what the server suggests, for the refs that the bundle needs. */
export function mappingOf(preflight: Preflight, chosen: Mapping): Mapping {
  const pairs = preflight.required_datasources.flatMap(({ ref }) => {
    const id = chosen[ref] ?? preflight.suggested_mapping[ref];
    return id ? [[ref, id] as const] : [];
  });
  return Object.fromEntries(pairs);
}

export function isMapped(preflight: Preflight, mapping: Mapping): boolean {
  return preflight.required_datasources.every(({ ref }) => Boolean(mapping[ref]));
}

/** Those the person may use, the ones of the wanted type first. */
export function candidates(sources: readonly Datasource[], type: string): Datasource[] {
  const usable = sources.filter((source) => source.can_use);
  return [...usable.filter((one) => one.type === type), ...usable.filter((one) => one.type !== type)];
}

export interface Finding {
  /** The title of the tile; null for the dashboard as a whole. */
  tile: string | null;
  isProblem: boolean;
  sentences: string[];
}

/** Everything the server found, problems first. What it says of a tile it may also say of the whole: that is said once. */
export function findingsOf({ problems, warnings, tiles }: Preflight): Finding[] {
  const ofTiles = tiles.flatMap(({ title, problems, warnings }) => [
    finding(title, true, problems),
    finding(title, false, warnings),
  ]);
  const said = ofTiles.flatMap((one) => one.sentences);
  const isNew = (sentence: string) => !said.some((one) => sentence === one || sentence.endsWith(`: ${one}`));
  const ofAll = [finding(null, true, problems.filter(isNew)), finding(null, false, warnings.filter(isNew))];
  return [...ofAll, ...ofTiles]
    .filter((one) => one.sentences.length > 0)
    .toSorted((a, b) => Number(b.isProblem) - Number(a.isProblem));
}

function finding(tile: string | null, isProblem: boolean, sentences: readonly string[]): Finding {
  return { tile, isProblem, sentences: [...new Set(sentences)] };
}

/** How many problems, or warnings, there are in all. */
export function countOf(findings: readonly Finding[], isProblem: boolean): number {
  return findings
    .filter((one) => one.isProblem === isProblem)
    .reduce((count, one) => count + one.sentences.length, 0);
}
