import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Suspense } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Policy } from "@/api/queries/policies";
import { forgetTileData } from "@/api/tile-data";
import type { BodyProps } from "@/features/dashboards/body";
import { DashboardView } from "@/features/dashboards/DashboardView";
import { PoliciesPage } from "@/features/policies/PoliciesPage";
import { touchedFirst } from "@/features/policies/PolicyPreview";
import { setLocale } from "@/lib/locale";
import { fakeServer, makeDashboard, makeMe, makeTile, makeTileData, renderPage } from "../make";

vi.setConfig({ testTimeout: 40_000 });
beforeEach(() => setLocale("en"));
afterEach(() => {
  forgetTileData();
  vi.unstubAllGlobals();
});

const SOURCE = {
  id: "s1",
  name: "Shop",
  type: "duckdb",
  config: {},
  is_default: true,
  can_use: true,
  can_own: true,
};
const POLICY: Policy = {
  id: "p1",
  datasource_id: "s1",
  name: "Own region",
  catalog: null,
  schema: null,
  table: "sales",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy names attributes like this
  predicate: "region IN (${user.regions})",
  masks: { card: "partial" },
  roles: ["viewer"],
  team_ids: ["t1", "gone"],
  is_enabled: true,
  revision: 3,
  created_by: "u1",
  created_at: "2026-11-21T12:00:00Z",
  updated_at: "2026-11-21T12:00:00Z",
};
const column = (name: string) => ({ name, type: "VARCHAR", nullable: true });
const CATALOG = {
  default_catalog: "db",
  default_schema: "main",
  catalogs: [
    {
      name: "db",
      schemas: [
        {
          name: "main",
          tables: [
            { name: "sales", kind: "table", row_count: 3, columns: [column("region"), column("card")] },
          ],
        },
      ],
    },
  ],
};
const CARMEN = { id: "u2", name: "Carmen", email: "carmen@example.com" };

function server(policies: Policy[], more: Parameters<typeof fakeServer>[0] = {}) {
  const sent: { name: string; body: unknown }[] = [];
  const kept = (name: string, answer: unknown, status = 200) => ({
    [name]: (body: unknown) => {
      sent.push({ name, body });
      return status === 204 ? new Response(null, { status }) : Response.json(answer, { status });
    },
  });
  const made = fakeServer({
    "GET /api/policies": () => Response.json(policies),
    "GET /api/datasources": () => Response.json([SOURCE]),
    "GET /api/datasources/s1/schema": () => Response.json(CATALOG),
    "GET /api/teams": () => Response.json([{ id: "t1", name: "North" }]),
    "GET /api/people": () => Response.json([CARMEN]),
    "GET /api/users": () => Response.json([]),
    ...kept("POST /api/policies", { ...POLICY, name: "New one" }, 201),
    ...kept("PUT /api/policies/p1", { ...POLICY, is_enabled: false }),
    ...kept("DELETE /api/policies/p1", null, 204),
    ...kept("POST /api/policies/preview", {
      columns: ["id", "region"],
      rows: [{ id: 7, region: "North" }],
      rows_before: 120,
      rows_after: 12,
      sentence: "Carmen sees 12 of 120 rows",
    }),
    ...more,
  });
  vi.stubGlobal("fetch", made.fetch);
  return { ...made, sent };
}

const page = () => <PoliciesPage onDatasource={() => undefined} />;
const admin = makeMe({ role: "admin" });

describe("the list of policies", () => {
  test("says of each what it leaves, whom it binds and what it hides", async () => {
    server([POLICY]);
    await renderPage(page(), admin);

    expect(await screen.findByText("Own region")).toBeInTheDocument();
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as above
    expect(screen.getByText("region IN (${user.regions})")).toBeInTheDocument();
    for (const word of ["Viewers", "A team", "1 column hidden"]) expect(screen.getByText(word)).toBeVisible();
    expect(await screen.findByText("North")).toBeVisible();
  });

  test("turns one off with its revision", async () => {
    const { sent } = server([POLICY]);
    await renderPage(page(), admin);

    await userEvent.click(await screen.findByRole("switch", { name: /Own region/ }));

    await waitFor(() =>
      expect(sent).toContainEqual({ name: "PUT /api/policies/p1", body: { is_enabled: false } }),
    );
  });

  test("tells who owns no datasource that there is nothing to guard", async () => {
    server([], { "GET /api/datasources": () => Response.json([{ ...SOURCE, can_own: false }]) });
    await renderPage(page());

    expect(await screen.findByText(/You own no datasource/)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "New policy" })).toBeNull();
  });
});

describe("a policy while it is written", () => {
  test("is tried for a person, and stored as it was tried", async () => {
    const { sent } = server([]);
    const user = userEvent.setup();
    await renderPage(page(), admin);

    const [add] = await screen.findAllByRole("button", { name: "New policy" });
    await user.click(add as HTMLElement);
    const dialog = await screen.findByRole("dialog");
    await user.type(within(dialog).getByRole("textbox", { name: "Name" }), "Own region");
    await waitFor(() => expect(within(dialog).getByRole("combobox", { name: "Table" })).toBeEnabled());
    await user.click(within(dialog).getByRole("combobox", { name: "Table" }));
    await user.click(await screen.findByRole("option", { name: "sales" }));
    await user.click(within(dialog).getByRole("button", { name: "region" }));
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as above
    await user.click(within(dialog).getByRole("button", { name: "${user.email}" }));
    await user.click(within(dialog).getByRole("combobox", { name: "Person" }));
    await user.click(await screen.findByRole("option", { name: /Carmen/ }));

    expect(await within(dialog).findByText("12 of 120 rows")).toBeInTheDocument();
    await waitFor(() => {
      const tried = sent.filter((one) => one.name.endsWith("preview")).at(-1)?.body;
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as above
      expect(tried).toMatchObject({ table: "sales", predicate: "region ${user.email}", user_id: "u2" });
    });
    await user.click(within(dialog).getByRole("button", { name: "Create" }));
    await waitFor(() =>
      expect(sent.find((one) => one.name === "POST /api/policies")?.body).toMatchObject({
        datasource_id: "s1",
        name: "Own region",
        table: "sales",
        schema: null,
        roles: [],
        masks: {},
      }),
    );
  });

  test("shows why the server cannot try it", async () => {
    server([POLICY], {
      "POST /api/policies/preview": () =>
        Response.json({ detail: "predicate: there is no column regoin" }, { status: 400 }),
    });
    const user = userEvent.setup();
    await renderPage(page(), admin);

    await user.click(await screen.findByRole("button", { name: "More actions: Own region" }));
    await user.click(await screen.findByRole("menuitem", { name: "Edit" }));

    expect(await screen.findByText("predicate: there is no column regoin")).toBeInTheDocument();
  });

  test("puts the columns it speaks of before the others", () => {
    const draft = { predicate: "Region = 'North'", masks: { card: "null" as const } };
    expect(touchedFirst(["id", "card", "day", "region"], draft)).toEqual(["card", "region", "id", "day"]);
  });
});

describe("a dashboard as somebody else sees it", () => {
  function Body({ tile, data }: BodyProps) {
    return <p>{`${tile.title}: ${data?.row_count ?? "-"}`}</p>;
  }
  const dashboard = makeDashboard({
    tiles: [
      makeTile({ chart_config: { detail_query: "SELECT 2", drill_levels: [{ id_column: "region" }] } }),
    ],
  });
  const seen = (extra: object) => () =>
    Response.json({
      user: CARMEN,
      sentence: null,
      tiles: [{ ...makeTileData({ row_count: 4 }), rows_before: 9, rows_after: 4 }],
      ...extra,
    });
  const show = (onSearch: (change: object) => void = () => undefined) =>
    renderPage(
      <Suspense fallback="waiting">
        <DashboardView
          id="d1"
          search={{ seen: "u2" }}
          onSearch={onSearch}
          onLeave={() => undefined}
          Body={Body}
          Editor={() => null}
        />
      </Suspense>,
      admin,
    );

  test("says whose eyes these are, and how many rows are left in each tile", async () => {
    const { asked } = server([], {
      "GET /api/dashboards/d1": () => Response.json(dashboard),
      "POST /api/policies/view-as": seen({}),
    });
    await show();

    expect(await screen.findByText(/as Carmen \(carmen@example.com\) sees it/)).toBeInTheDocument();
    expect(await screen.findByText("4 of 9 rows")).toBeInTheDocument();
    expect(screen.getByText("Revenue: 4")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /Revenue/ })).toBeNull();
    expect(asked.filter((one) => one.includes("/data"))).toEqual([]);
  });

  test("says so when that person may not see it, and can be left", async () => {
    server([], {
      "GET /api/dashboards/d1": () => Response.json(dashboard),
      "POST /api/policies/view-as": seen({ sentence: "Carmen may not see this dashboard", tiles: [] }),
    });
    const onSearch = vi.fn();
    await show(onSearch);

    expect(await screen.findByText("Carmen may not see this dashboard")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Leave this view" }));
    expect(onSearch).toHaveBeenCalledWith({ seen: undefined });
  });
});
