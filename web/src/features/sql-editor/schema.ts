/** A datasource's catalog as the SQL editor needs it: what completes, and how names are written. Pure. */

import type { Completion } from "@codemirror/autocomplete";
import type { SQLNamespace } from "@codemirror/lang-sql";
import type { Catalog, CatalogTable } from "@/api/types";

/** Where unqualified names of a tile are looked up. */
export interface Scope {
  catalog: string | null;
  schema: string | null;
}

export function scopeOf(catalog: Catalog | undefined, chosen: Partial<Scope> = {}): Scope {
  return {
    catalog: chosen.catalog ?? catalog?.default_catalog ?? null,
    schema: chosen.schema ?? catalog?.default_schema ?? null,
  };
}

const PLAIN = /^[a-z_][a-z0-9_]*$/;
const RESERVED = new Set(
  (
    "all and any as asc between by case cast check column constraint create cross current_date default delete desc " +
    "distinct do drop else end except exists false fetch for foreign from full grant group having in inner insert " +
    "intersect into is join left like limit natural not null offset on or order outer primary references right " +
    "select set some table then to true union unique update user using values when where window with"
  ).split(" "),
);

/** The name as SQL, quoted only where it must be. */
export function quoted(name: string): string {
  return PLAIN.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** The table's name as short as the scope allows. */
export function tableName(catalog: string, schema: string, table: string, scope: Scope): string {
  if (catalog !== scope.catalog) return [catalog, schema, table].map(quoted).join(".");
  return schema === scope.schema ? quoted(table) : [schema, table].map(quoted).join(".");
}

/** What the SQL language completes: schemas of the scope's catalog at the top, other catalogs by name. */
export function namespaceOf(catalog: Catalog, scope: Scope): SQLNamespace {
  const top: Record<string, SQLNamespace> = {};
  for (const { name, schemas } of catalog.catalogs) {
    const named = Object.fromEntries(schemas.map((schema) => [schema.name, tablesOf(schema.tables)]));
    if (name === scope.catalog || catalog.catalogs.length === 1) Object.assign(top, named);
    else top[name] = named;
  }
  return top;
}

function tablesOf(tables: readonly CatalogTable[]): SQLNamespace {
  return Object.fromEntries(
    tables.map((table) => [
      table.name,
      {
        self: completion(table.name, "type", table.kind === "view" ? "view" : rowsOf(table)),
        children: table.columns.map((column) => completion(column.name, "property", column.type)),
      },
    ]),
  );
}

function rowsOf(table: CatalogTable): string | undefined {
  return table.row_count === null ? undefined : table.row_count.toLocaleString();
}

function completion(name: string, type: string, detail: string | undefined): Completion {
  return { label: name, type, detail, apply: quoted(name) };
}

/** The names of all columns there are, each once. */
export function columnsIn(catalog: Catalog): string[] {
  const names = catalog.catalogs.flatMap(({ schemas }) =>
    schemas.flatMap(({ tables }) => tables.flatMap(({ columns }) => columns.map((column) => column.name))),
  );
  return [...new Set(names)].sort((a, b) => a.localeCompare(b));
}
