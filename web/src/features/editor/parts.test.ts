import { describe, expect, test } from "vitest";
import type { Catalog } from "@/api/types";
import { toDocument } from "../history";
import { dashboard } from "../history/fixtures";
import { changesOf } from "./DashboardSettings";
import { usual } from "./EditMode";
import { listed, literal, matching } from "./SchemaTree";
import { wayOf } from "./useEditKeys";
import { isSameSource, sourceOf } from "./useTileRun";

const column = (name: string) => ({ name, type: "VARCHAR", nullable: true });
const CATALOG: Catalog = {
  default_catalog: "db",
  default_schema: "main",
  catalogs: [
    {
      name: "db",
      schemas: [
        {
          name: "audit",
          tables: [{ name: "log", kind: "table", row_count: null, columns: [column("carrier")] }],
        },
        {
          name: "main",
          tables: [
            { name: "flights", kind: "table", row_count: 3, columns: [column("carrier"), column("dest")] },
            { name: "planes", kind: "view", row_count: null, columns: [column("tailnum")] },
          ],
        },
      ],
    },
  ],
};
const TABLES = listed(CATALOG, { catalog: "db", schema: "main" });

describe("the schema list", () => {
  test("begins with the tables that need no schema in front", () => {
    expect(TABLES.map((table) => table.sql)).toEqual(["flights", "planes", "audit.log"]);
  });

  test("finds tables by name, and by the columns that match", () => {
    const found = (filter: string) =>
      matching(TABLES, filter).map(({ sql, table }) => [sql, table.columns.map(({ name }) => name)]);

    expect(found("flig")).toEqual([["flights", ["carrier", "dest"]]]);
    expect(found(" CARR ")).toEqual([
      ["flights", ["carrier"]],
      ["audit.log", ["carrier"]],
    ]);
    expect(found("")).toHaveLength(3);
    expect(found("zzz")).toEqual([]);
  });

  test("writes values as SQL", () => {
    expect(literal("12.5", "DOUBLE")).toBe("12.5");
    expect(literal("12", "VARCHAR")).toBe("'12'");
    expect(literal("O'Hare", "VARCHAR")).toBe("'O''Hare'");
    expect(literal("1); DROP", "INTEGER")).toBe("'1); DROP'");
  });
});

describe("the keys of undo and redo", () => {
  const key = (name: string, held: Partial<Record<"ctrlKey" | "metaKey" | "shiftKey" | "altKey", boolean>>) =>
    wayOf({ key: name, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held });

  test("are Ctrl or Cmd with Z, Shift+Z and Y", () => {
    expect(key("z", { ctrlKey: true })).toBe("undo");
    expect(key("z", { metaKey: true })).toBe("undo");
    expect(key("Z", { metaKey: true, shiftKey: true })).toBe("redo");
    expect(key("y", { ctrlKey: true })).toBe("redo");
  });

  test("are nothing else", () => {
    expect(key("z", {})).toBeNull();
    expect(key("z", { ctrlKey: true, altKey: true })).toBeNull();
    expect(key("x", { ctrlKey: true })).toBeNull();
  });
});

describe("a new tile's datasource", () => {
  const source = (id: string, more: object = {}) => ({ id, is_default: false, can_use: true, ...more });
  const document = toDocument(dashboard());

  test("is the one that most tiles of the dashboard use", () => {
    expect(usual(document, [source("other", { is_default: true }), source("ds")])?.id).toBe("ds");
  });

  test("is the default one on an empty dashboard, and never one that may not be used", () => {
    const sources = [
      source("locked", { can_use: false, is_default: true }),
      source("a"),
      source("b", { is_default: true }),
    ];

    expect(usual({ tiles: {} }, sources)?.id).toBe("b");
    expect(usual(document, [source("ds", { can_use: false })])).toBeUndefined();
  });
});

test("settings that did not change are not sent", () => {
  const before = toDocument(dashboard({ tags: ["a"] }));

  expect(changesOf(before, { ...before, tags: ["a"], name: "New" })).toEqual({ name: "New" });
  expect(changesOf(before, { ...before })).toBeNull();
});

test("a result belongs to the query it was made with", () => {
  const source = { datasource_id: "ds", catalog: null, schema: null, query: "SELECT 1" };

  expect(isSameSource(sourceOf(source), { ...source })).toBe(true);
  expect(isSameSource(sourceOf(source), { ...source, query: "SELECT 2" })).toBe(false);
  expect(isSameSource(null, source)).toBe(false);
});
