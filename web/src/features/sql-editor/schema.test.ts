import { expect, test } from "vitest";
import type { Catalog } from "@/api/types";
import { namespaceOf, quoted, scopeOf, tableName } from "./schema";

const CATALOG: Catalog = {
  default_catalog: "memory",
  default_schema: "main",
  catalogs: [
    {
      name: "memory",
      schemas: [
        {
          name: "main",
          tables: [
            {
              name: "flights",
              kind: "table",
              row_count: 3,
              columns: [{ name: "Dep Delay", type: "DOUBLE", nullable: true }],
            },
          ],
        },
        { name: "sales", tables: [] },
      ],
    },
    { name: "other", schemas: [{ name: "s", tables: [] }] },
  ],
};

test("names are quoted only where SQL needs it", () => {
  expect(["dep_delay", "Dep Delay", "order", 'a"b', "2x"].map(quoted)).toEqual([
    "dep_delay",
    '"Dep Delay"',
    '"order"',
    '"a""b"',
    '"2x"',
  ]);
});

test("a table is named as briefly as the scope allows", () => {
  const scope = scopeOf(CATALOG);

  expect(tableName("memory", "main", "flights", scope)).toBe("flights");
  expect(tableName("memory", "sales", "orders", scope)).toBe("sales.orders");
  expect(tableName("other", "s", "t", scope)).toBe("other.s.t");
  expect(tableName("memory", "main", "flights", scopeOf(CATALOG, { schema: "sales" }))).toBe("main.flights");
});

test("schemas of the scope's catalog complete at the top, others under their catalog", () => {
  expect(namespaceOf(CATALOG, scopeOf(CATALOG))).toEqual({
    main: {
      flights: {
        self: { label: "flights", type: "type", detail: "3", apply: "flights" },
        children: [{ label: "Dep Delay", type: "property", detail: "DOUBLE", apply: '"Dep Delay"' }],
      },
    },
    sales: {},
    other: { s: {} },
  });
});
