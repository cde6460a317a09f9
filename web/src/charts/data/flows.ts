/** Links between names: what sankey and chord stand on. */
import { CannotDraw, type ChartConfig, type Table } from "../contract";
import { numbersOf, toLabel } from "./coerce";
import { firstDimension, firstNumber, mustHaveNumbers, namedColumn, needed } from "./fields";
import { rows } from "./pivot";

export interface Link {
  readonly source: string;
  readonly target: string;
  readonly value: number;
  readonly row: number;
}

export interface Flows {
  readonly links: readonly Link[];
  readonly notes: readonly string[];
}

/** The flows above zero, those between the same two names added up. */
export function flowsOf(table: Table, config: ChartConfig): Flows {
  const chosen = namedColumn(table, config, "valueField");
  const to = namedColumn(table, config, "targetField");
  const source = needed(
    namedColumn(table, config, "sourceField") ?? firstDimension(table, [to, chosen]),
    "where the flow starts",
    "bar",
  );
  const target = needed(to ?? firstDimension(table, [source, chosen]), "where the flow ends", "bar");
  const value = needed(chosen ?? firstNumber(table, [source, target]), "the size of the flow", "bar");
  mustHaveNumbers(table, [value]);
  const numbers = numbersOf(table, value);
  const byEnds = new Map<string, Link>();
  let left = 0;
  table.rows.forEach((cells, row) => {
    const size = numbers[row] ?? 0;
    if (size <= 0) {
      left += 1;
      return;
    }
    const ends = { source: toLabel(cells[source]), target: toLabel(cells[target]) };
    const key = JSON.stringify([ends.source, ends.target]);
    const there = byEnds.get(key);
    byEnds.set(key, there ? { ...there, value: there.value + size } : { ...ends, value: size, row });
  });
  if (byEnds.size === 0)
    throw new CannotDraw("no_values", "No flow is above zero, so there is nothing to draw.");
  return {
    links: [...byEnds.values()],
    notes: left > 0 ? [`${rows(left)} without a flow above zero left out.`] : [],
  };
}

/** The names along one loop, such as ["A", "B", "A"]; undefined when the links have none. */
export function findLoop(links: readonly Link[]): string[] | undefined {
  const next = new Map<string, string[]>();
  for (const { source, target } of links) next.set(source, [...(next.get(source) ?? []), target]);
  const done = new Set<string>();
  for (const start of next.keys()) {
    const loop = loopFrom(start, next, done);
    if (loop) return loop;
  }
  return undefined;
}

/** Depth first without recursion: long chains must not exhaust the stack. */
function loopFrom(
  start: string,
  next: ReadonlyMap<string, string[]>,
  done: Set<string>,
): string[] | undefined {
  const path: { name: string; at: number }[] = [{ name: start, at: 0 }];
  const onPath = new Set([start]);
  while (path.length > 0) {
    const top = path[path.length - 1] as { name: string; at: number };
    const target = done.has(top.name) ? undefined : next.get(top.name)?.[top.at];
    top.at += 1;
    if (target === undefined) {
      done.add(top.name);
      onPath.delete(top.name);
      path.pop();
    } else if (onPath.has(target)) {
      const names = path.map(({ name }) => name);
      return [...names.slice(names.indexOf(target)), target];
    } else if (!done.has(target)) {
      path.push({ name: target, at: 0 });
      onPath.add(target);
    }
  }
  return undefined;
}

/** Names with what flows in and out, largest first. */
export function nodesOf(links: readonly Link[]): { name: string; inflow: number; outflow: number }[] {
  const nodes = new Map<string, { name: string; inflow: number; outflow: number }>();
  const node = (name: string) => {
    let there = nodes.get(name);
    if (!there) {
      there = { name, inflow: 0, outflow: 0 };
      nodes.set(name, there);
    }
    return there;
  };
  for (const { source, target, value } of links) {
    node(source).outflow += value;
    node(target).inflow += value;
  }
  return [...nodes.values()].sort((a, b) => b.inflow + b.outflow - a.inflow - a.outflow);
}
