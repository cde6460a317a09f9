import { MantineProvider } from "@mantine/core";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { tile } from "../history/fixtures";
import { Assist, usedIn } from "./Assist";
import { draftOf } from "./draft";

const draft = {
  ...draftOf(tile("a")),
  datasource_id: "ds",
  query: "SELECT a, sum(n) AS m FROM t GROUP BY 1",
};

afterEach(() => vi.unstubAllGlobals());

function shown(answer: object, status = 200) {
  const sent: unknown[] = [];
  vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
    sent.push(JSON.parse(String(init.body)));
    return new Response(JSON.stringify(answer), { status, headers: { "Content-Type": "application/json" } });
  });
  const onChange = vi.fn();
  const onClose = vi.fn();
  render(
    <MantineProvider env="test">
      <Assist dashboardId="d" draft={draft} onChange={onChange} onClose={onClose} />
    </MantineProvider>,
  );
  return { sent, onChange, onClose };
}

test("words become a query that the author may take", async () => {
  const { sent, onChange, onClose } = shown({ sql: "SELECT 1", made_by: "rules" });
  expect(screen.getByRole("button", { name: "Write" })).toHaveProperty("disabled", true);

  await userEvent.type(screen.getByRole("textbox", { name: "In words" }), "total by region");
  await userEvent.click(screen.getByRole("button", { name: "Write" }));
  await userEvent.click(await screen.findByRole("button", { name: "Use it" }));

  expect(sent).toMatchObject([{ prompt: "total by region", query_kind: "main", datasource_id: "ds" }]);
  expect(onChange).toHaveBeenCalledWith({ query: "SELECT 1" });
  expect(onClose).toHaveBeenCalled();
});

test("a refusal says why and offers nothing to take", async () => {
  shown({ sql: "", made_by: "rules", warnings: ["It does not understand: profit"] });

  await userEvent.type(screen.getByRole("textbox", { name: "In words" }), "profit");
  await userEvent.click(screen.getByRole("button", { name: "Write" }));

  await waitFor(() => expect(screen.getByText("It does not understand: profit")).toBeTruthy());
  expect(screen.queryByRole("button", { name: "Use it" })).toBeNull();
});

test("a drill brings its levels, a detail its own query", () => {
  const made = { sql: "S", suggested_levels: [{ field: "region", label: "Region" }] };

  expect(usedIn(draft, "drill", made)).toMatchObject({
    query: "S",
    chart_config: { drill_levels: [{ id_column: "region", label: "Region" }] },
  });
  expect(usedIn(draft, "detail", made)).toMatchObject({ chart_config: { detail_query: "S" } });
  expect(usedIn(draft, "comparison", made)).toEqual({ query: "S" });
});
