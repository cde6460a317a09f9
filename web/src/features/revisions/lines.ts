/** What differs between two texts, line by line, and how a value of a document is written as text. */

export interface Line {
  kind: "same" | "added" | "removed" | "gap";
  text: string;
}

const MAX_CELLS = 400_000;
const CONTEXT = 2;

/** The lines of both, removed before added; what is far from any change becomes a gap. */
export function lineDiff(before: string, after: string): Line[] {
  const from = before === "" ? [] : before.split("\n");
  const to = after === "" ? [] : after.split("\n");
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start += 1;
  let end = 0;
  while (
    end < from.length - start &&
    end < to.length - start &&
    from[from.length - 1 - end] === to[to.length - 1 - end]
  )
    end += 1;
  const middle = between(from.slice(start, from.length - end), to.slice(start, to.length - end));
  const same = (lines: string[]): Line[] => lines.map((text) => ({ kind: "same", text }));
  return withGaps([...same(from.slice(0, start)), ...middle, ...same(to.slice(to.length - end))]);
}

/** The longest common lines stay; past a size that would take long, all of the one and then all of the other. */
function between(from: string[], to: string[]): Line[] {
  const removed = (text: string): Line => ({ kind: "removed", text });
  const added = (text: string): Line => ({ kind: "added", text });
  if (from.length * to.length > MAX_CELLS) return [...from.map(removed), ...to.map(added)];
  const width = to.length + 1;
  const common = new Uint32Array((from.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = from.length - 1; i >= 0; i -= 1)
    for (let j = to.length - 1; j >= 0; j -= 1)
      common[i * width + j] = from[i] === to[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < from.length || j < to.length) {
    if (i < from.length && j < to.length && from[i] === to[j]) {
      lines.push({ kind: "same", text: from[i] ?? "" });
      i += 1;
      j += 1;
    } else if (i < from.length && (j === to.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(removed(from[i] ?? ""));
      i += 1;
    } else {
      lines.push(added(to[j] ?? ""));
      j += 1;
    }
  }
  return lines;
}

function withGaps(lines: Line[]): Line[] {
  const near = new Set<number>();
  lines.forEach(({ kind }, at) => {
    if (kind === "same") return;
    for (let i = at - CONTEXT; i <= at + CONTEXT; i += 1) near.add(i);
  });
  const shown: Line[] = [];
  lines.forEach((line, at) => {
    if (near.has(at)) shown.push(line);
    else if (shown.at(-1)?.kind !== "gap") shown.push({ kind: "gap", text: "" });
  });
  return shown;
}

/** null and undefined are "", texts themselves, short lists of words with commas, the rest JSON with sorted members. */
export function written(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item === "string" && !item.includes(",")))
    return value.join(", ");
  return JSON.stringify(sorted(value), null, 2);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([key, inner]) => [key, sorted(inner)]));
}

/** Whether both fit beside each other on one line. */
export function isShort(before: string, after: string): boolean {
  return ![before, after].some((text) => text.includes("\n") || text.length > 40);
}
