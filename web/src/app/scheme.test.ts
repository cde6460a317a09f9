import { expect, test } from "vitest";
import { schemeManagerFor } from "./scheme";

test("a public page inside another site looks as that site asks, and leaves the reader's choice alone", () => {
  localStorage.setItem("tesela.scheme", "light");

  const asked = schemeManagerFor({ pathname: "/dashboards/shared/tsh_a", search: "?embed=1&theme=dark" });
  asked.set("dark");

  expect(asked.get("auto")).toBe("dark");
  expect(localStorage.getItem("tesela.scheme")).toBe("light");
});

test.each([
  ["/dashboards/shared/tsh_a", ""],
  ["/dashboards/shared/tsh_a", "?theme=red"],
  ["/dashboards", "?theme=dark"],
])("%s%s looks as the reader chose", (pathname, search) => {
  localStorage.setItem("tesela.scheme", "light");

  expect(schemeManagerFor({ pathname, search }).get("auto")).toBe("light");
});

test("in another site's frame what was chosen in the app counts for nothing", () => {
  localStorage.setItem("tesela.scheme", "dark");

  const framed = (search: string) => schemeManagerFor({ pathname: "/embed/dashboards/a", search });

  expect(framed("").get("auto")).toBe("auto");
  expect(framed("?theme=light").get("auto")).toBe("light");
});
