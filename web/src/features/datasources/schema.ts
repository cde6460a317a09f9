/** A catalog as a flat list of tables, and finding in it. */
import type { Catalog, CatalogTable } from "@/api/types";

export interface TableEntry {
  key: string;
  catalog: string;
  schema: string;
  table: CatalogTable;
}

export function tablesOf(catalog: Catalog): TableEntry[] {
  return catalog.catalogs.flatMap((one) =>
    one.schemas.flatMap((schema) =>
      schema.tables.map((table) => ({
        key: JSON.stringify([one.name, schema.name, table.name]),
        catalog: one.name,
        schema: schema.name,
        table,
      })),
    ),
  );
}

/** The tables whose name, or the name of one of whose columns, holds what was typed. */
export function find(tables: TableEntry[], typed: string): TableEntry[] {
  const wanted = typed.trim().toLowerCase();
  if (!wanted) return tables;
  const holds = (name: string) => name.toLowerCase().includes(wanted);
  return tables.filter(
    ({ table }) => holds(table.name) || table.columns.some((column) => holds(column.name)),
  );
}

/** Tables in groups, one a schema, in the order they came; the name of the catalog only where there are several. */
export function bySchema(tables: TableEntry[]): [string, TableEntry[]][] {
  const hasSeveral = new Set(tables.map((entry) => entry.catalog)).size > 1;
  const groups = new Map<string, TableEntry[]>();
  for (const entry of tables) {
    const name = hasSeveral ? `${entry.catalog}.${entry.schema}` : entry.schema;
    const group = groups.get(name);
    if (group) group.push(entry);
    else groups.set(name, [entry]);
  }
  return [...groups];
}
