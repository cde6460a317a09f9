import { describe, expect, test } from "vitest";
import type { Catalog, Datasource } from "@/api/types";
import { addressOf, fieldsOf, inputOf, isComplete } from "./config";
import { tableNameOf, tooLarge } from "./files";
import { bySchema, find, tablesOf } from "./schema";

const stored: Datasource = {
  id: "s",
  name: "Warehouse",
  type: "postgresql",
  config: { host: "db.example", port: 5433, database: "sales", user: "reader" },
  is_default: false,
  is_shared: true,
  revision: 1,
  created_by: null,
  created_at: "2026-11-21T12:00:00Z",
  updated_at: "2026-11-21T12:00:00Z",
  can_use: true,
  can_own: true,
  dashboard_count: 0,
};

describe("the form of a connection", () => {
  test("sends what was stored, and no password when none was typed", () => {
    expect(inputOf(fieldsOf(stored))).toEqual({
      name: "Warehouse",
      type: "postgresql",
      config: { host: "db.example", port: 5433, database: "sales", user: "reader" },
      is_default: false,
      is_shared: true,
    });
  });

  test("sends a typed password apart from the rest", () => {
    expect(inputOf({ ...fieldsOf(stored), password: "p" }).secrets).toEqual({ password: "p" });
  });

  test("is complete when the server can be found", () => {
    expect(isComplete(fieldsOf(stored))).toBe(true);
    expect(isComplete({ ...fieldsOf(stored), host: " " })).toBe(false);
    expect(isComplete({ ...fieldsOf(), name: "Files", type: "duckdb" })).toBe(true);
  });

  test("the address names the port only when it is unusual", () => {
    expect(addressOf(stored)).toBe("db.example:5433/sales");
    expect(addressOf({ ...stored, config: { ...stored.config, port: 5432 } })).toBe("db.example/sales");
  });
});

describe("a file to upload", () => {
  test.each([
    ["Sales 2024 (final).csv", "sales_2024_final"],
    ["2013-flights.parquet", "t_2013_flights"],
    ["Año.xlsx", "ano"],
    ["日本.csv", ""],
  ])("%s becomes the table %s", (file, table) => {
    expect(tableNameOf(file)).toBe(table);
  });

  test("sheets have a lower limit than other files", () => {
    expect(tooLarge({ name: "a.xlsx", size: 100_000_001 })).toBe(100_000_000);
    expect(tooLarge({ name: "a.csv", size: 100_000_001 })).toBeNull();
    expect(tooLarge({ name: "a.csv", size: 2_000_000_001 })).toBe(2_000_000_000);
  });
});

describe("a schema", () => {
  const column = (name: string) => ({ name, type: "text", nullable: true });
  const table = (name: string, ...columns: string[]) => ({
    name,
    kind: "table",
    row_count: null,
    columns: columns.map(column),
  });
  const catalog: Catalog = {
    catalogs: [
      {
        name: "main",
        schemas: [
          { name: "sales", tables: [table("orders", "id", "region"), table("stores", "id")] },
          { name: "hr", tables: [table("people", "id")] },
        ],
      },
    ],
    default_catalog: "main",
    default_schema: "sales",
  };

  test("is searched by table and by column", () => {
    const tables = tablesOf(catalog);

    expect(find(tables, "STORE").map((entry) => entry.table.name)).toEqual(["stores"]);
    expect(find(tables, "region").map((entry) => entry.table.name)).toEqual(["orders"]);
    expect(find(tables, " ")).toHaveLength(3);
  });

  test("is grouped by schema, with the catalog only where there are several", () => {
    const groups = bySchema(tablesOf(catalog)).map(([name, tables]) => [name, tables.length]);

    expect(groups).toEqual([
      ["sales", 2],
      ["hr", 1],
    ]);
  });
});
