/** Where the boxes and lines of a lineage picture lie. Pure. */

export const NODE = { width: 170, height: 32 };
const GAP = { x: 56, y: 10 };

export type Edge = readonly [string, string];

export interface Graph {
  below: string[];
  own: string;
  above: string[];
  tiles: { id: string; title: string }[];
  edges: Edge[];
}

interface Above {
  name: string;
  /** What its formula names. */
  of: readonly string[];
  /** Ids of the tiles that ask it. */
  tiles: readonly string[];
}

/** Who stands on whom; a tile that a metric above explains is not drawn from the ones beneath that. */
export function edgesOf(
  own: string,
  below: readonly string[],
  above: readonly Above[],
  tiles: readonly string[],
): Edge[] {
  const known = new Set([own, ...above.map((one) => one.name)]);
  const edges: Edge[] = below.map((name) => [name, own]);
  for (const one of above) {
    const from = one.of.filter((name) => known.has(name));
    for (const name of from.length > 0 ? from : [own]) edges.push([name, one.name]);
  }
  for (const tile of tiles) {
    const asked = above.filter((one) => one.tiles.includes(tile));
    const nearest = asked.filter((one) => !asked.some((other) => other.of.includes(one.name)));
    for (const name of nearest.length > 0 ? nearest.map((one) => one.name) : [own]) edges.push([name, tile]);
  }
  return edges;
}

/** From one point to another, level at both. */
function bend(x1: number, y1: number, x2: number, y2: number): string {
  const middle = (x1 + x2) / 2;
  return `C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}

export function layOut({ below, own, above, tiles, edges }: Graph) {
  const columns = [
    below.map((name) => ({ id: name, title: name, kind: "metric" })),
    [{ id: own, title: own, kind: "own" }],
    above.map((name) => ({ id: name, title: name, kind: "metric" })),
    tiles.map(({ id, title }) => ({ id, title, kind: "tile" })),
  ].filter((column) => column.length > 0);
  const rows = Math.max(...columns.map((column) => column.length));
  const step = NODE.height + GAP.y;
  const height = rows * step + GAP.y;
  const nodes = columns.flatMap((column, number) =>
    column.map((node, index) => ({
      ...node,
      x: number * (NODE.width + GAP.x) + 1,
      y: (height - (column.length * step - GAP.y)) / 2 + index * step,
    })),
  );
  const at = new Map(nodes.map((node) => [node.id, node]));
  const lines = edges.flatMap(([from, to]) => {
    const a = at.get(from);
    const b = at.get(to);
    if (!a || !b) return [];
    const [x1, y1] = [a.x + NODE.width, a.y + NODE.height / 2];
    const [x2, y2] = [b.x, b.y + NODE.height / 2];
    const passed = nodes.filter((node) => node.x > a.x && node.x < b.x);
    if (passed.length === 0) return [`M${x1} ${y1}${bend(x1, y1, x2, y2)}`];
    // Around the boxes between the two, not behind them, on the side where it ends.
    const ys = passed.map((node) => node.y);
    const isUp = y2 < height / 2;
    const lane = isUp ? Math.min(...ys) - GAP.y / 2 : Math.max(...ys) + NODE.height + GAP.y / 2;
    const [left, right] = [x1 + GAP.x, x2 - GAP.x];
    return [`M${x1} ${y1}${bend(x1, y1, left, lane)}H${right}${bend(right, lane, x2, y2)}`];
  });
  return { nodes, lines, height, width: columns.length * (NODE.width + GAP.x) - GAP.x + 2 };
}
