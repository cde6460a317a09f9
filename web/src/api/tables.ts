/** The tables of a datasource as a list to choose from. */
import type { Catalog, CatalogColumn } from "./types";

export interface ListedTable {
  /** What tells it from all others. */
  key: string;
  /** As people call it: with its schema only where that is not the usual one. */
  label: string;
  catalog: string;
  schema: string;
  name: string;
  columns: CatalogColumn[];
}

export interface TableAddress {
  catalog?: string | null;
  schema?: string | null;
  table?: string | null;
}

/** Every table; those of the usual schema first. */
export function tablesOf(catalog: Catalog | undefined): ListedTable[] {
  if (!catalog) return [];
  const { default_catalog, default_schema } = catalog;
  const all = catalog.catalogs.flatMap(({ name: inCatalog, schemas }) =>
    schemas.flatMap(({ name: inSchema, tables }) =>
      tables.map(({ name, columns }) => {
        const isNear = inCatalog === default_catalog && inSchema === default_schema;
        const label = isNear ? name : `${inSchema}.${name}`;
        return {
          key: JSON.stringify([inCatalog, inSchema, name]),
          label,
          catalog: inCatalog,
          schema: inSchema,
          name,
          columns,
        };
      }),
    ),
  );
  return all.toSorted((a, b) => Number(a.label !== a.name) - Number(b.label !== b.name));
}

/** The table that an address means; without a schema, the usual one of that name. */
export function findTable(tables: readonly ListedTable[], address: TableAddress): ListedTable | undefined {
  const same = (a: string, b: string | null | undefined) => a.toLowerCase() === b?.toLowerCase();
  return tables.find(
    (one) =>
      same(one.name, address.table) &&
      (!address.schema || same(one.schema, address.schema)) &&
      (!address.catalog || same(one.catalog, address.catalog)),
  );
}

/** The address of a table, as short as it can be: nothing but the name for one of the usual schema. */
export function addressOf(table: ListedTable): {
  catalog: string | null;
  schema: string | null;
  table: string;
} {
  const isNear = table.label === table.name;
  return { catalog: isNear ? null : table.catalog, schema: isNear ? null : table.schema, table: table.name };
}
