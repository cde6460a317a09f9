import { afterEach, describe, expect, test } from "vitest";
import { setLocale } from "@/lib/locale";
import {
  blankFilter,
  filterProblem,
  linesOf,
  nameFrom,
  optionsFrom,
  targetsFrom,
  targetsOf,
  tidyFilter,
  withType,
} from "./drafts";

afterEach(() => setLocale("en"));

describe("the name of a new filter", () => {
  test.each([
    ["País de origen", [], "pais_de_origen"],
    ["2013", [], "f_2013"],
    ["!!!", [], "filter"],
    ["Region", ["region", "region_2"], "region_3"],
  ])("from %j beside %j is %s", (label, taken, name) => {
    expect(nameFrom(label, taken)).toBe(name);
  });
});

describe("choices as lines", () => {
  test("come back as they were, numbers too", () => {
    const options = ["EWR", { value: "JFK", label: "Kennedy | NY" }, 5, { value: 7, label: "Seven" }];

    expect(optionsFrom(linesOf(options), options)).toEqual(options);
  });

  test("blank lines are none; a new number is text", () => {
    expect(optionsFrom("a\n\n 9 \n", [])).toEqual(["a", "9"]);
  });
});

describe("targets", () => {
  test("are read in either spelling, and written in the shorter", () => {
    expect(targetsOf({ targets: ["a"] })).toEqual({ a: null });
    expect(targetsOf({ targets: { a: "c", b: null } })).toEqual({ a: "c", b: null });
    expect(targetsOf({})).toBeNull();
    expect(targetsFrom({ a: null, b: null })).toEqual(["a", "b"]);
    expect(targetsFrom({ a: "c", b: null })).toEqual({ a: "c", b: null });
  });
});

describe("a filter that is saved", () => {
  test("leaves out what is empty and keeps what we do not know", () => {
    const draft = {
      name: "f",
      label: "",
      field: null,
      required: false,
      default: null,
      options: [],
      colour: "red",
    };

    expect(tidyFilter(draft)).toEqual({ name: "f", colour: "red" });
  });

  test("keeps an empty list of targets, which means no tile", () => {
    expect(tidyFilter({ name: "f", targets: [] })).toEqual({ name: "f", targets: [] });
  });

  test("of yes or no may open with no", () => {
    expect(tidyFilter({ name: "f", type: "boolean", default: false })).toEqual({
      name: "f",
      type: "boolean",
      default: false,
    });
  });

  test("of another type drops what only the old one had", () => {
    const draft = { name: "f", type: "select", options: ["a"], default: "a", operator: "neq", field: "c" };

    expect(withType(draft, "multi_select")).toEqual({
      name: "f",
      type: "multi_select",
      options: ["a"],
      field: "c",
    });
    expect(withType(draft, "text")).toEqual({ name: "f", type: "text", field: "c" });
  });
});

describe("what is wrong with a filter", () => {
  const good = blankFilter([]);

  test("nothing, when it is new", () => {
    expect(filterProblem(good, [good])).toBeNull();
  });

  test("its name, when it is none or taken", () => {
    setLocale("en");

    expect(filterProblem({ ...good, name: "a b" }, [])).toContain("begins with a letter");
    expect(filterProblem(good, [good, good])).toBe("Two filters are called filter.");
  });

  test("its choices, when their query or datasource is missing", () => {
    setLocale("en");

    expect(filterProblem({ ...good, options: { query: " " } }, [good])).toBe(
      "Write the query of the choices.",
    );
    expect(filterProblem({ ...good, options: { query: "SELECT 1" } }, [good])).toBe(
      "Choose the datasource of the choices.",
    );
  });
});
