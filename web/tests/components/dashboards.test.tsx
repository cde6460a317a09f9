import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DashboardsPage } from "@/features/dashboards/DashboardsPage";
import { setLocale } from "@/lib/locale";
import { fakeServer, makeDashboard, makeMe, makeSummary, renderPage } from "../make";

beforeEach(() => setLocale("en"));
afterEach(() => vi.unstubAllGlobals());

function listOf(...items: ReturnType<typeof makeSummary>[]) {
  return () => Response.json(items, { headers: { "X-Total-Count": String(items.length) } });
}

describe("the list of dashboards", () => {
  test("shows the one changed last first", async () => {
    const server = fakeServer({
      "GET /api/dashboards/": listOf(
        makeSummary({ id: "a", name: "Old", updated_at: "2026-01-01T00:00:00Z" }),
        makeSummary({ id: "b", name: "New", updated_at: "2026-11-01T00:00:00Z" }),
      ),
      "GET /api/workspaces": () => Response.json([]),
    });
    vi.stubGlobal("fetch", server.fetch);

    await renderPage(<DashboardsPage search={{}} onSearch={() => undefined} onCreated={() => undefined} />);

    await screen.findByText("Old");
    const names = screen.getAllByRole("listitem").map((row) => row.querySelector("a")?.textContent);
    expect(names).toEqual(["New", "Old"]);
  });

  test("asks the server for what the address says", async () => {
    const server = fakeServer({
      "GET /api/dashboards/": listOf(),
      "GET /api/workspaces": () => Response.json([]),
    });
    vi.stubGlobal("fetch", server.fetch);
    const search = { q: "sales", workspace: "w1", archived: 1 as const };

    await renderPage(
      <DashboardsPage search={search} onSearch={() => undefined} onCreated={() => undefined} />,
    );

    await screen.findByText("No dashboard matches");
    expect(server.asked).toContain(
      "GET /api/dashboards/?search=sales&workspace_id=w1&include_archived=true&limit=50&offset=0",
    );
  });

  test("offers three ways to begin to whoever has none", async () => {
    const server = fakeServer({ "GET /api/dashboards/": listOf() });
    vi.stubGlobal("fetch", server.fetch);

    await renderPage(<DashboardsPage search={{}} onSearch={() => undefined} onCreated={() => undefined} />);

    expect(await screen.findByText("Make your first dashboard")).toBeInTheDocument();
    for (const start of ["Start with a blank page", "Drop in a file", "Connect a database"]) {
      expect(screen.getByText(start)).toBeInTheDocument();
    }
  });

  test("offers nothing to make to a viewer", async () => {
    const server = fakeServer({ "GET /api/dashboards/": listOf() });
    vi.stubGlobal("fetch", server.fetch);

    await renderPage(
      <DashboardsPage search={{}} onSearch={() => undefined} onCreated={() => undefined} />,
      makeMe({ role: "viewer" }),
    );

    expect(await screen.findByText("Nothing has been shared with you yet")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "New dashboard" })).not.toBeInTheDocument();
  });
});

test("a new dashboard is made from its form and opened", async () => {
  const bodies: unknown[] = [];
  const server = fakeServer({
    "GET /api/dashboards/": listOf(makeSummary()),
    "GET /api/workspaces": () => Response.json([]),
    "POST /api/dashboards/": (body) => {
      bodies.push(body);
      return Response.json(makeDashboard({ id: "fresh" }), { status: 201 });
    },
  });
  vi.stubGlobal("fetch", server.fetch);
  const onCreated = vi.fn();
  await renderPage(<DashboardsPage search={{ new: 1 }} onSearch={() => undefined} onCreated={onCreated} />);

  await userEvent.type(await screen.findByLabelText("Name"), "Flights");
  await userEvent.click(screen.getByRole("button", { name: "Create" }));

  await waitFor(() => expect(onCreated).toHaveBeenCalledWith("fresh"));
  expect(bodies).toEqual([
    { name: "Flights", description: null, workspace_id: null, refresh_interval_seconds: null },
  ]);
});
