/** Named values: what pie, funnel, treemap and radar stand on. */
import type { ChartConfig, Table } from "../contract";
import { MAX_COLORS } from "../palette";
import { OTHER } from "../theme";
import { numbersOf, toLabel } from "./coerce";
import { alsoCalled, firstDimension, firstNumber, mustHaveNumbers, namedColumn, needed } from "./fields";
import { rows } from "./pivot";

export interface Part {
  readonly name: string;
  readonly value: number;
  /** Undefined where the part stands for several rows. */
  readonly row?: number;
  /** How many names it holds: more than one only for "Other". */
  readonly count: number;
}

export interface Parts {
  readonly name: string;
  readonly value: string;
  readonly parts: readonly Part[];
  readonly notes: readonly string[];
}

/**
 * The values per name, in the order of the rows; rows of one name are added up, rows without a value left out.
 * `xField` and `yField` mean name and value where those are not said: so says the BI API of every chart.
 */
export function nameValues(table: Table, config: ChartConfig): Parts {
  const chosen = namedColumn(table, config, "valueField") ?? alsoCalled(table, config, "yField");
  const name = needed(
    namedColumn(table, config, "nameField") ??
      alsoCalled(table, config, "xField") ??
      firstDimension(table, [chosen]) ??
      table.columns.find((c) => c !== chosen),
    "the name",
  );
  const value = needed(chosen ?? firstNumber(table, [name]), "the value");
  mustHaveNumbers(table, [value]);
  const numbers = numbersOf(table, value);
  const byName = new Map<string, Part>();
  let empty = 0;
  let added = 0;
  table.rows.forEach((cells, row) => {
    const number = numbers[row] ?? null;
    if (number === null) {
      empty += 1;
      return;
    }
    const label = toLabel(cells[name]);
    const there = byName.get(label);
    if (there) added += 1;
    byName.set(
      label,
      there ? { ...there, value: there.value + number } : { name: label, value: number, row, count: 1 },
    );
  });
  const notes = [];
  if (empty > 0) notes.push(`${rows(empty)} without a value left out.`);
  if (added > 0) notes.push(`${rows(added)} shared a name; their values are added up.`);
  return { name, value, parts: [...byName.values()], notes };
}

/** Largest first; past eight names the smaller ones become "Other", which stands last. */
export function topWithOther(parts: readonly Part[], most = MAX_COLORS): readonly Part[] {
  const sorted = [...parts].sort((a, b) => b.value - a.value);
  if (sorted.length <= most) return sorted;
  const rest = sorted.slice(most - 1);
  const value = rest.reduce((sum, part) => sum + part.value, 0);
  return [...sorted.slice(0, most - 1), { name: OTHER, value, count: rest.length }];
}
