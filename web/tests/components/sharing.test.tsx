import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Dashboard, Link, Snapshot } from "@/api/types";
import { ShareDialog } from "@/features/sharing";
import { setLocale } from "@/lib/locale";
import { overlays } from "@/ui/overlays";
import { fakeServer, makeDashboard, renderPage } from "../make";

beforeEach(() => setLocale("en"));
afterEach(() => {
  vi.unstubAllGlobals();
  overlays.setState({ toasts: [], question: null });
});

const OFF: Link = {
  is_public: false,
  share_token: null,
  share_url: null,
  expires_at: null,
  has_password: false,
};
const ON: Link = { ...OFF, is_public: true, share_token: "tsh_a", share_url: "/dashboards/shared/tsh_a" };

function snapshot(extra: Partial<Snapshot> = {}): Snapshot {
  return {
    id: "n1",
    dashboard_id: "d1",
    execution_time_ms: 840,
    executed_by: "u1",
    trigger_type: "on_share",
    created_at: new Date(Date.now() - 120_000).toISOString(),
    expires_at: new Date(Date.now() + 86_400_000).toISOString(),
    revision: 1,
    size_bytes: 157_000,
    ...extra,
  };
}

/** A server that keeps one link; `sent` is what it was told. */
function serverWith(link: Link, extra: Parameters<typeof fakeServer>[0] = {}) {
  const sent: unknown[] = [];
  let now = link;
  const server = fakeServer({
    "GET /api/dashboards/d1/share": () => Response.json(now),
    "POST /api/dashboards/d1/share": (body) => {
      sent.push(body);
      const { is_public, password } = body as { is_public: boolean; password?: string | null };
      now = is_public ? { ...ON, has_password: Boolean(password) } : OFF;
      return Response.json(now);
    },
    "GET /api/dashboards/d1/snapshots": () => Response.json([snapshot()]),
    ...extra,
  });
  vi.stubGlobal("fetch", server.fetch);
  return { sent, asked: server.asked };
}

function show(extra: Partial<Dashboard> = {}) {
  const dashboard = makeDashboard({ refresh_interval_seconds: 600, ...extra });
  return renderPage(<ShareDialog dashboard={dashboard} onClose={() => undefined} />);
}

describe("the public link", () => {
  test("is made only after what a guest will see was said", async () => {
    const { sent } = serverWith(OFF);
    await show();

    await userEvent.click(await screen.findByRole("button", { name: "Create a public link" }));
    expect(screen.getByText(/every row of every tile/)).toBeInTheDocument();
    expect(screen.getByText(/every 10 minutes/)).toBeInTheDocument();
    expect(sent).toEqual([]);
    await userEvent.type(screen.getByLabelText(/Password/), "open sesame");
    await userEvent.click(screen.getByRole("button", { name: "Make public" }));

    expect(await screen.findByLabelText("Public link")).toHaveValue(
      `${window.location.origin}/dashboards/shared/tsh_a`,
    );
    expect(sent).toEqual([{ is_public: true, expires_at: null, password: "open sesame" }]);
    expect(await screen.findByText(/Guests see the numbers of .*ago/)).toBeInTheDocument();
  });

  test("is not made with a password that is too short", async () => {
    const { sent } = serverWith(OFF);
    await show();

    await userEvent.click(await screen.findByRole("button", { name: "Create a public link" }));
    await userEvent.type(screen.getByLabelText(/Password/), "short");
    await userEvent.click(screen.getByRole("button", { name: "Make public" }));

    expect(sent).toEqual([]);
    expect(screen.getByText("At least 6 characters")).toBeInTheDocument();
  });

  test("is looked at without a change", async () => {
    const { sent, asked } = serverWith(ON);
    await show({ is_public: true });

    await screen.findByLabelText("Public link");

    expect(asked).toContain("GET /api/dashboards/d1/share");
    expect(sent).toEqual([]);
  });

  test("goes off at once", async () => {
    const { sent } = serverWith(ON);
    await show({ is_public: true });

    await userEvent.click(await screen.findByRole("button", { name: "Switch off" }));

    expect(await screen.findByText("Not public")).toBeInTheDocument();
    expect(sent).toEqual([{ is_public: false }]);
  });

  test("is replaced after a question", async () => {
    const { sent } = serverWith(ON);
    await show({ is_public: true });

    await userEvent.click(await screen.findByRole("button", { name: "New link" }));
    expect(sent).toEqual([]);
    overlays.getState().question?.onConfirm();

    await waitFor(() => expect(sent).toEqual([{ is_public: true, rotate: true }]));
  });

  test("loses its password when asked to", async () => {
    const { sent } = serverWith({ ...ON, has_password: true });
    await show({ is_public: true });

    await userEvent.click(await screen.findByRole("button", { name: "Remove" }));

    expect(await screen.findByText("No password is asked")).toBeInTheDocument();
    expect(sent).toEqual([{ is_public: true, password: null }]);
  });

  test("cannot be made of an archived dashboard", async () => {
    serverWith(OFF);
    await show({ is_archived: true });

    expect(await screen.findByText(/Take it out of the archive/)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Create a public link" })).toBeNull();
  });
});

describe("snapshots", () => {
  test("are all that an editor who is no owner gets to see", async () => {
    const { asked } = serverWith(OFF, {
      "POST /api/dashboards/d1/snapshot": () => Response.json({}, { status: 201 }),
    });
    await show({ can_own: false });

    await userEvent.click(await screen.findByRole("button", { name: "Take one now" }));

    expect(screen.queryByRole("tab", { name: "Link" })).toBeNull();
    await waitFor(() => expect(asked).toContain("POST /api/dashboards/d1/snapshot"));
    expect(asked).not.toContain("GET /api/dashboards/d1/share");
  });

  test("cannot be deleted when guests have no other", async () => {
    serverWith(ON);
    await show({ is_public: true });

    await userEvent.click(await screen.findByRole("tab", { name: "Snapshots" }));

    expect(await screen.findByText("Latest")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /^Delete the snapshot/ })).toBeNull();
  });

  test("are taken by a schedule that is kept with the other settings", async () => {
    const saved: unknown[] = [];
    serverWith(ON, {
      "PUT /api/dashboards/d1": (body) => {
        saved.push(body);
        return Response.json(makeDashboard());
      },
    });
    await show({ is_public: true, settings: { theme: "dark" } });

    await userEvent.click(await screen.findByRole("tab", { name: "Snapshots" }));
    await userEvent.click(screen.getByRole("combobox", { name: "Take one by the clock" }));
    await userEvent.click(await screen.findByText("Every hour"));

    await waitFor(() =>
      expect(saved).toEqual([{ settings: { theme: "dark", schedule: { cron: "0 * * * *" } } }]),
    );
  });
});
