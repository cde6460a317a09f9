import { describe, expect, test } from "vitest";
import { readDashboardSearch, readListSearch, readLoginSearch, readPublicSearch, safePath } from "./url";

describe("the search of a dashboard", () => {
  test("keeps what it knows and drops the rest", () => {
    const raw = { page: "p2", tile: "t1", as: "table", full: 1, edit: "1", other: "x", __proto__: null };

    expect(readDashboardSearch(raw)).toEqual({ page: "p2", tile: "t1", as: "table", full: 1, edit: 1 });
  });

  test("leaves defaults out, so that the shortest address says the same", () => {
    expect(readDashboardSearch({ page: "", as: "chart", full: 0, edit: false })).toEqual({});
  });

  test("drops text that is too long to be an id", () => {
    expect(readDashboardSearch({ page: "x".repeat(201) })).toEqual({});
  });
});

test("a search that looks like a number is still text", () => {
  expect(readListSearch({ q: 2013, workspace: "w", archived: 1 })).toEqual({
    q: "2013",
    workspace: "w",
    archived: 1,
  });
});

describe("the way back after logging in", () => {
  test.each(["/dashboards/1?page=2", "/datasources"])("%s is a path of the app", (path) => {
    expect(safePath(path)).toBe(path);
  });

  test.each([
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "/login?next=/",
    "",
    7,
    null,
  ])("%s leads elsewhere and is refused", (path) => {
    expect(safePath(path)).toBeUndefined();
  });

  test("the token of a link is kept whole", () => {
    expect(readLoginSearch({ link: "a.b-c", next: "//x" })).toEqual({ link: "a.b-c" });
  });
});

test("a public page takes its place, its frame and its look from the address, and nothing else", () => {
  expect(readPublicSearch({ page: "p2", embed: "1", theme: "dark", edit: 1 })).toEqual({
    page: "p2",
    embed: 1,
    theme: "dark",
  });
  expect(readPublicSearch({ embed: "yes", theme: "red" })).toEqual({});
});
