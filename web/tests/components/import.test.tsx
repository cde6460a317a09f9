import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Dashboard } from "@/api/types";
import { ImportWizard } from "@/features/bundles";
import { setLocale } from "@/lib/locale";
import { fakeServer, makeDashboard, renderPage } from "../make";

beforeEach(() => setLocale("en"));
afterEach(() => vi.unstubAllGlobals());

const BUNDLE = { schema_version: 1, dashboard: { name: "Sales" }, tiles: [] };
const PREFLIGHT = {
  name: "Sales",
  required_datasources: [{ ref: "ds_0", name: "Warehouse", type: "postgresql" }],
  page_count: 2,
  tile_count: 9,
  filter_count: 1,
  suggested_mapping: {},
  problems: [],
  warnings: [],
  tiles: [],
};
const SOURCE = { id: "s1", name: "Our warehouse", type: "postgresql", can_use: true };

function serve(imported: (body: unknown) => Response) {
  const server = fakeServer({
    "GET /api/datasources": () => Response.json([SOURCE]),
    "GET /api/workspaces": () => Response.json([]),
    "POST /api/dashboards/import/preflight": (body) => {
      const { datasource_mapping } = body as { datasource_mapping: Record<string, string> };
      const isMapped = Object.keys(datasource_mapping).length > 0;
      const warnings = isMapped ? ["there is no table orders"] : [];
      return Response.json({
        ...PREFLIGHT,
        tiles: [{ title: "Revenue", tile_type: "kpi", problems: [], warnings }],
      });
    },
    "POST /api/dashboards/import": imported,
  });
  vi.stubGlobal("fetch", server.fetch);
  return server;
}

function file(text: string, name = "sales.qry-dashboard.json"): File {
  return new File([text], name, { type: "application/json" });
}

async function choose(text: string) {
  const input = document.querySelector<HTMLInputElement>("input[type=file]");
  if (!input) throw new Error("there is no place for a file");
  await userEvent.upload(input, file(text));
}

function show(
  onDone: (dashboard: Dashboard) => void = () => undefined,
  target?: { id: string; name: string },
) {
  return renderPage(<ImportWizard onClose={() => undefined} onDone={onDone} target={target} />);
}

async function map() {
  await userEvent.click(await screen.findByRole("button", { name: "Continue" }));
  expect(screen.getByRole("button", { name: "Continue" })).toBeDisabled();
  await userEvent.click(await screen.findByRole("combobox", { name: /Warehouse/ }));
  await userEvent.click(await screen.findByText("Our warehouse"));
}

describe("the import", () => {
  test("goes from a file over a mapping to a dashboard", async () => {
    const sent: unknown[] = [];
    const opened: string[] = [];
    serve((body) => {
      sent.push(body);
      return Response.json(makeDashboard({ id: "d9", name: "Sales (imported)" }), { status: 201 });
    });
    await show((dashboard) => opened.push(dashboard.id));

    await choose(JSON.stringify(BUNDLE));
    expect(await screen.findByText("9 tiles · 2 pages · 1 filter")).toBeInTheDocument();
    await map();
    expect(await screen.findByText("there is no table orders")).toBeInTheDocument();
    expect(screen.getByText("1 warning")).toBeInTheDocument();
    await userEvent.click(await screen.findByRole("button", { name: "Continue" }));
    await userEvent.type(await screen.findByLabelText(/^Name/), " (imported)");
    await userEvent.click(screen.getByRole("button", { name: "Import" }));

    await waitFor(() => expect(opened).toEqual(["d9"]));
    expect(sent).toEqual([{ bundle: BUNDLE, datasource_mapping: { ds_0: "s1" }, name: "Sales (imported)" }]);
  });

  test("says what the server says, each problem of it", async () => {
    serve(() =>
      Response.json(
        { detail: "The bundle cannot be imported", problems: ["tiles.0: query: no", "tiles.1: query: no"] },
        { status: 400 },
      ),
    );
    await show();

    await choose(JSON.stringify(BUNDLE));
    await map();
    await userEvent.click(await screen.findByRole("button", { name: "Continue" }));
    await userEvent.click(await screen.findByRole("button", { name: "Import" }));

    expect(await screen.findByRole("alert")).toHaveTextContent("The bundle cannot be imported");
    expect(screen.getByText("tiles.1: query: no")).toBeInTheDocument();
  });

  test("updates the dashboard that it was opened for, under its own name", async () => {
    const sent: unknown[] = [];
    serve((body) => {
      sent.push(body);
      return Response.json(makeDashboard({ id: "d1" }));
    });
    await show(undefined, { id: "d1", name: "Ours" });

    await choose(JSON.stringify(BUNDLE));
    await map();
    await userEvent.click(await screen.findByRole("button", { name: "Continue" }));
    await userEvent.click(await screen.findByRole("button", { name: "Update" }));

    await waitFor(() =>
      expect(sent).toEqual([
        {
          bundle: BUNDLE,
          datasource_mapping: { ds_0: "s1" },
          name: "Ours",
          mode: "update",
          dashboard_id: "d1",
        },
      ]),
    );
  });

  test("refuses what is no bundle without asking the server", async () => {
    const { asked } = serve(() => Response.json({}));
    await show();

    await choose("<html>");

    expect(await screen.findByRole("alert")).toHaveTextContent("The file is no JSON");
    expect(asked).toEqual([]);
  });
});
