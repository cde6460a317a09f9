/** A real table: sorted by its headers, paged or scrolled with only the visible rows in the page. */
import {
  columnFilteringFeature,
  createFilteredRowModel,
  createPaginatedRowModel,
  createSortedRowModel,
  filterFn_includesString,
  globalFilteringFeature,
  rowPaginationFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";
import type { ChartConfig, Row, Table } from "@/charts/contract";
import { numbersOf, timesOf } from "@/charts/data/coerce";
import { flagOf, numberOf } from "@/charts/data/fields";
import { columnsOf, type TableColumn } from "./cells";
import { useTilesText } from "./text";
import classes from "./tiles.module.css";

interface Props {
  table: Table;
  config: ChartConfig;
  title: string;
  locale: string;
  timeZone: string;
  onPoint?: (values: Row, at: PointPlace) => void;
  /** Rows for which it says no are dimmed. */
  isSelected?: (row: Row) => boolean;
}

/** Where a row was picked: the cell's column, and the place in the window. */
export interface PointPlace {
  readonly column?: string;
  readonly x: number;
  readonly y: number;
}

/** A row of the model is its index in the answer: cells are read and written only when shown. */
interface Item {
  readonly at: number;
}

const features = tableFeatures({
  columnFilteringFeature,
  globalFilteringFeature,
  rowSortingFeature,
  rowPaginationFeature,
  filteredRowModel: createFilteredRowModel(),
  sortedRowModel: createSortedRowModel(),
  paginatedRowModel: createPaginatedRowModel(),
  filterFns: { includesString: filterFn_includesString },
});

type Value = string | number | undefined;

function compare(a: Value, b: Value): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true, sensitivity: "base" });
}

function useModel({ table, config, locale, timeZone }: Props) {
  const shown = useMemo(() => columnsOf(table, config, locale, timeZone), [table, config, locale, timeZone]);
  const data = useMemo(() => table.rows.map((_, at): Item => ({ at })), [table]);
  const columns = useMemo(
    () =>
      shown.map((column, at) => ({
        id: `c${at}`,
        accessorFn: reader(table, column, timeZone),
        sortUndefined: "last" as const,
        sortDescFirst: column.isNumber,
        sortFn: (
          a: { getValue: (id: string) => unknown },
          b: { getValue: (id: string) => unknown },
          id: string,
        ) => compare(a.getValue(id) as Value, b.getValue(id) as Value),
      })),
    [shown, table, timeZone],
  );
  const pageSize = numberOf(config, "pageSize");
  const hasPages = pageSize !== undefined && pageSize < table.rows.length;
  const model = useTable({
    features,
    columns,
    data,
    initialState: { pagination: { pageIndex: 0, pageSize: hasPages ? pageSize : Number.MAX_SAFE_INTEGER } },
    globalFilterFn: (row: { original: Item }, _column: string, wanted: unknown) =>
      matches(table, shown, row.original.at, String(wanted)),
    getColumnCanGlobalFilter: () => true,
    autoResetPageIndex: true,
  });
  return { model, shown, hasPages };
}

/** The value to sort by: numbers and times as numbers, empty cells undefined so that they stay last. */
function reader(table: Table, { field, isNumber }: TableColumn, timeZone: string): (item: Item) => Value {
  if (isNumber) return ({ at }) => numbersOf(table, field)[at] ?? undefined;
  return ({ at }) => {
    const cell = table.rows[at]?.[field];
    if (cell === null || cell === undefined) return undefined;
    return (
      timesOf(table, field, timeZone)[at] ?? (typeof cell === "object" ? JSON.stringify(cell) : String(cell))
    );
  };
}

function matches(table: Table, shown: readonly TableColumn[], at: number, wanted: string): boolean {
  const needle = wanted.trim().toLowerCase();
  const row = table.rows[at];
  return shown.some(
    ({ field, format }) => row !== undefined && format(row[field], at).toLowerCase().includes(needle),
  );
}

/** Up to this many rows are all in the page: they print, and the browser's own search finds them. */
const MAX_WHOLE = 100;

/** Indexes of the rows to put into the page, and the height of what is left out on either side. */
function useVisible(count: number, height: number, scroll: React.RefObject<HTMLElement | null>) {
  const isWhole = count <= MAX_WHOLE;
  const virtual = useVirtualizer({
    count: isWhole ? 0 : count,
    getScrollElement: () => scroll.current,
    estimateSize: () => height,
    overscan: 12,
  });
  if (isWhole) return { visible: Array.from({ length: count }, (_, at) => at), before: 0, after: 0 };
  const items = virtual.getVirtualItems();
  return {
    visible: items.map((item) => item.index),
    before: items[0]?.start ?? 0,
    after: virtual.getTotalSize() - (items.at(-1)?.end ?? 0),
  };
}

export default function TableBody(props: Props) {
  const { table, config, title, onPoint, isSelected } = props;
  const t = useTilesText();
  const { model, shown, hasPages } = useModel(props);
  const scroll = useRef<HTMLElement>(null);
  const rows = model.getRowModel().rows;
  const height = flagOf(config, "compact") ? 26 : 34;
  const { visible, before, after } = useVisible(rows.length, height, scroll);
  const widths = useMemo(() => shown.map((column) => widthOf(table, column)), [table, shown]);
  return (
    <div className={classes.tableFrame} data-ready="true">
      {flagOf(config, "showSearch") && (
        <input
          className={classes.tableSearch}
          type="search"
          placeholder={t.search}
          aria-label={t.search}
          onChange={(event) => model.setGlobalFilter(event.target.value)}
        />
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section ref={scroll} className={classes.tableScroll} aria-label={title} tabIndex={0}>
        <table
          className={classes.table}
          data-zebra={flagOf(config, "zebra") !== false}
          data-compact={flagOf(config, "compact") === true}
          aria-rowcount={table.rows.length + 1}
        >
          <colgroup>
            {shown.map((column, at) => (
              <col key={column.field} style={{ width: widths[at] }} />
            ))}
          </colgroup>
          <thead>
            <tr>
              {model.getHeaderGroups()[0]?.headers.map((header, at) => (
                <Head
                  key={header.id}
                  column={shown[at]}
                  sorted={header.column.getIsSorted()}
                  onSort={header.column.getToggleSortingHandler()}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {before > 0 && <Gap height={before} columns={shown.length} />}
            {visible.map((index) => {
              const at = rows[index]?.original.at ?? 0;
              const row = table.rows[at] ?? {};
              return (
                <Line
                  key={at}
                  row={row}
                  at={at}
                  isOdd={index % 2 === 1}
                  height={height}
                  shown={shown}
                  onPoint={onPoint}
                  isDim={isSelected !== undefined && !isSelected(row)}
                />
              );
            })}
            {after > 0 && <Gap height={after} columns={shown.length} />}
          </tbody>
        </table>
        {rows.length === 0 && <p className={classes.tableNone}>{t.noMatch}</p>}
      </section>
      {hasPages && <Pages model={model} />}
    </div>
  );
}

interface HeadProps {
  column: TableColumn | undefined;
  sorted: false | "asc" | "desc";
  onSort: ((event: unknown) => void) | undefined;
}

function Head({ column, sorted, onSort }: HeadProps) {
  const spoken = sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : "none";
  return (
    <th scope="col" aria-sort={spoken} data-number={column?.isNumber}>
      <button type="button" onClick={onSort} title={column?.label}>
        <span className={classes.headLabel}>{column?.label}</span>
        <span className={classes.sortMark} aria-hidden="true">
          {sorted === "asc" ? "↑" : sorted === "desc" ? "↓" : ""}
        </span>
      </button>
    </th>
  );
}

interface LineProps {
  row: Row;
  at: number;
  isOdd: boolean;
  height: number;
  shown: readonly TableColumn[];
  onPoint: Props["onPoint"];
  isDim: boolean;
}

function Line({ row, at, isOdd, height, shown, onPoint, isDim }: LineProps) {
  const pick = onPoint && {
    tabIndex: 0,
    "data-clickable": true,
    onClick: (event: React.MouseEvent<HTMLElement>) => {
      const cell = event.target instanceof Element ? event.target.closest("td") : null;
      const column = shown[cell?.cellIndex ?? -1]?.field;
      onPoint(row, { column, x: event.clientX, y: event.clientY });
    },
    onKeyDown: (event: React.KeyboardEvent<HTMLElement>) => {
      if (event.key !== "Enter") return;
      const { left, bottom } = event.currentTarget.getBoundingClientRect();
      onPoint(row, { x: left + 24, y: bottom });
    },
  };
  return (
    <tr style={{ height }} data-odd={isOdd} data-dim={isDim || undefined} aria-rowindex={at + 2} {...pick}>
      {shown.map(({ field, isNumber, format }) => {
        const isEmpty = row[field] === null || row[field] === undefined;
        const text = isEmpty ? "–" : format(row[field], at);
        return (
          <td
            key={field}
            data-number={isNumber}
            data-empty={isEmpty}
            title={text.length > 24 ? text : undefined}
          >
            {text}
          </td>
        );
      })}
    </tr>
  );
}

function Gap({ height, columns }: { height: number; columns: number }) {
  return (
    <tr>
      <td colSpan={columns} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

function Pages({ model }: { model: ReturnType<typeof useModel>["model"] }) {
  const t = useTilesText();
  const { pageIndex, pageSize } = model.state.pagination;
  const total = model.getPrePaginatedRowModel().rows.length;
  const from = total === 0 ? 0 : pageIndex * pageSize + 1;
  return (
    <div className={classes.pages}>
      <span aria-live="polite">{t.range(from, Math.min(total, (pageIndex + 1) * pageSize), total)}</span>
      <button
        type="button"
        aria-label={t.previousPage}
        disabled={!model.getCanPreviousPage()}
        onClick={() => model.previousPage()}
      >
        ‹
      </button>
      <button
        type="button"
        aria-label={t.nextPage}
        disabled={!model.getCanNextPage()}
        onClick={() => model.nextPage()}
      >
        ›
      </button>
    </div>
  );
}

/** Wide enough for the header and the first rows, within reason; the table stretches to fill the tile. */
function widthOf(table: Table, { field, label, width, format }: TableColumn): number {
  if (width !== undefined) return width;
  const longest = table.rows
    .slice(0, 60)
    .reduce((most, row, at) => Math.max(most, format(row[field], at).length), 0);
  return Math.min(300, Math.max(label.length * 7.6 + 26, longest * 7.4) + 22);
}
