import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Comparison, Revision } from "@/api/types";
import { HistoryPanel } from "@/features/revisions";
import { setLocale } from "@/lib/locale";
import { overlays } from "@/ui/overlays";
import { fakeServer, makeDashboard, renderPage } from "../make";

beforeEach(() => setLocale("en"));
afterEach(() => {
  vi.unstubAllGlobals();
  overlays.setState({ toasts: [], question: null });
});

function revision(number: number, sentence: string): Revision {
  return {
    number,
    parent: number === 1 ? null : number - 1,
    author_id: "u1",
    author_name: "Ana",
    created_at: new Date(Date.now() - 60_000 * (10 - number)).toISOString(),
    sentence,
    sha256: "0",
  };
}

const ALL = [
  revision(3, "Deleted the tile 'Orders'"),
  revision(2, "Changed the query"),
  revision(1, "Made it"),
];

const NONE: Comparison = { from: 1, to: 2, sentences: [], pages: [], tiles: [], filters: [], settings: [] };

function comparison(url: URL): Comparison {
  const from = Number(url.searchParams.get("from"));
  const to = Number(url.searchParams.get("to"));
  const sentence = `Changed the query of 'Revenue' between ${from} and ${to}`;
  const members = [{ name: "query", before: "SELECT 1\nFROM t", after: "SELECT 2\nFROM t" }];
  return {
    ...NONE,
    from,
    to,
    sentences: [sentence],
    tiles: [{ id: "t1", name: "Revenue", change: "changed", sentence, members }],
  };
}

function serve(extra: Parameters<typeof fakeServer>[0] = {}) {
  const server = fakeServer({
    "GET /api/dashboards/d1": () => Response.json(makeDashboard({ version: 3 })),
    "GET /api/dashboards/d1/revisions": () => Response.json(ALL, { headers: { "X-Total-Count": "3" } }),
    "GET /api/dashboards/d1/revisions/compare": (_, url) => Response.json(comparison(url)),
    "GET /api/dashboards/d1/checkpoints": () => Response.json([]),
    ...extra,
  });
  vi.stubGlobal("fetch", server.fetch);
  return server;
}

function show(onRestored?: () => Promise<void>, can_own = true) {
  return renderPage(
    <HistoryPanel dashboard={{ id: "d1", can_own }} onClose={() => undefined} onRestored={onRestored} />,
  );
}

describe("the changes of a dashboard", () => {
  test("stand under their day, with who made them", async () => {
    serve();

    await show();

    expect(
      await screen.findByRole("button", { name: /Deleted the tile 'Orders'.*Ana · Now/ }),
    ).toBeInTheDocument();
    expect(screen.getAllByRole("heading", { level: 3 }).length).toBeGreaterThan(0);
  });

  test("are looked at: what one did, and how the state then differs from now", async () => {
    const { asked } = serve();
    await show();

    await userEvent.click(await screen.findByRole("button", { name: /Changed the query/ }));
    expect(await screen.findByText(/between 1 and 2/)).toBeInTheDocument();
    expect(screen.getByText(/− SELECT 1/)).toBeInTheDocument();
    expect(screen.getByText(/\+ SELECT 2/)).toBeInTheDocument();
    await userEvent.click(screen.getByText("Compared with now"));

    expect(await screen.findByText(/between 2 and 3/)).toBeInTheDocument();
    expect(asked.filter((one) => one.includes("compare"))).toHaveLength(2);
  });

  test("are compared in pairs, the older one first", async () => {
    serve();
    await show();

    await userEvent.click(await screen.findByRole("button", { name: "Compare two" }));
    await userEvent.click(screen.getByRole("checkbox", { name: /Deleted the tile/ }));
    await userEvent.click(screen.getByRole("checkbox", { name: /Made it/ }));
    await userEvent.click(screen.getByRole("button", { name: "Compare" }));

    expect(await screen.findByText(/between 1 and 3/)).toBeInTheDocument();
  });

  test("are restored after a question; the editor reads again, and Undo leads back", async () => {
    const restored = vi.fn(async () => undefined);
    const { asked } = serve({
      "POST /api/dashboards/d1/revisions/2/restore": () => Response.json(makeDashboard({ version: 4 })),
      "POST /api/dashboards/d1/revisions/3/restore": () => Response.json(makeDashboard({ version: 5 })),
    });
    const restores = () => asked.filter((one) => one.endsWith("/restore"));
    await show(restored);

    await userEvent.click(await screen.findByRole("button", { name: /Changed the query/ }));
    await userEvent.click(screen.getByRole("button", { name: "Restore this state" }));
    expect(restores()).toEqual([]);
    expect(overlays.getState().question?.message).toContain("can be undone");
    overlays.getState().question?.onConfirm();
    await waitFor(() => expect(overlays.getState().toasts).toHaveLength(1));
    overlays.getState().toasts[0]?.action?.onClick();

    await waitFor(() => expect(restored).toHaveBeenCalledTimes(2));
    expect(restores()).toEqual([
      "POST /api/dashboards/d1/revisions/2/restore",
      "POST /api/dashboards/d1/revisions/3/restore",
    ]);
  });

  test("are only looked at by who does not own the dashboard", async () => {
    serve();
    await show(undefined, false);

    await userEvent.click(await screen.findByRole("button", { name: /Changed the query/ }));

    expect(screen.queryByRole("button", { name: "Restore this state" })).toBeNull();
    expect(screen.queryByRole("tab", { name: "Checkpoints" })).toBeNull();
  });
});

describe("a checkpoint", () => {
  test("is made with a name and a description", async () => {
    const made: unknown[] = [];
    serve({
      "POST /api/dashboards/d1/checkpoints": (body) => {
        made.push(body);
        return Response.json({ name: "Before" }, { status: 201 });
      },
    });
    await show();

    await userEvent.click(await screen.findByRole("tab", { name: "Checkpoints" }));
    await userEvent.type(screen.getByLabelText("Name"), " Before ");
    await userEvent.type(screen.getByLabelText("Description (optional)"), "the clean one");
    await userEvent.click(screen.getByRole("button", { name: "Keep this state" }));

    await waitFor(() => expect(made).toEqual([{ name: "Before", description: "the clean one" }]));
  });

  test("is restored after a question, and Undo leads to the state before", async () => {
    const { asked } = serve({
      "GET /api/dashboards/d1/checkpoints": () =>
        Response.json([
          {
            id: "c1",
            dashboard_id: "d1",
            name: "Before",
            description: null,
            revision: 1,
            created_by: "u1",
            created_by_name: "Ana",
            created_at: "2026-11-21T12:00:00Z",
          },
        ]),
      "POST /api/dashboards/d1/checkpoints/c1/restore": () => Response.json({ status: "restored" }),
      "POST /api/dashboards/d1/revisions/3/restore": () => Response.json(makeDashboard({ version: 5 })),
    });
    await show();

    await userEvent.click(await screen.findByRole("tab", { name: "Checkpoints" }));
    await userEvent.click(await screen.findByRole("button", { name: 'Restore "Before"' }));
    overlays.getState().question?.onConfirm();
    await waitFor(() => expect(overlays.getState().toasts).toHaveLength(1));
    overlays.getState().toasts[0]?.action?.onClick();

    await waitFor(() => expect(asked).toContain("POST /api/dashboards/d1/revisions/3/restore"));
    expect(asked).toContain("POST /api/dashboards/d1/checkpoints/c1/restore");
  });
});
