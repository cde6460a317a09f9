import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Audience, Dashboard, Link, Snapshot } from "@/api/types";
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
    "GET /api/v1/bi/dashboards/dash-d1/share": () => Response.json(makeAudience()),
    ...extra,
  });
  vi.stubGlobal("fetch", server.fetch);
  return { sent, asked: server.asked };
}

function makeAudience(extra: Partial<Audience> = {}): Audience {
  return { dashboard_id: "dash-d1", visibility: "private", shared_with: [], share_url: null, ...extra };
}

async function show(extra: Partial<Dashboard> = {}) {
  const dashboard = makeDashboard({ refresh_interval_seconds: 600, ...extra });
  return renderPage(<ShareDialog dashboard={dashboard} onClose={() => undefined} />);
}

async function showLink(extra: Partial<Dashboard> = {}) {
  await show(extra);
  await userEvent.click(screen.getByRole("tab", { name: "Link" }));
}

describe("the public link", () => {
  test("is made only after what a guest will see was said", async () => {
    const { sent } = serverWith(OFF);
    await showLink();

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
    await showLink();

    await userEvent.click(await screen.findByRole("button", { name: "Create a public link" }));
    await userEvent.type(screen.getByLabelText(/Password/), "short");
    await userEvent.click(screen.getByRole("button", { name: "Make public" }));

    expect(sent).toEqual([]);
    expect(screen.getByText("At least 6 characters")).toBeInTheDocument();
  });

  test("is looked at without a change", async () => {
    const { sent, asked } = serverWith(ON);
    await showLink({ is_public: true });

    await screen.findByLabelText("Public link");

    expect(asked).toContain("GET /api/dashboards/d1/share");
    expect(sent).toEqual([]);
  });

  test("goes off at once", async () => {
    const { sent } = serverWith(ON);
    await showLink({ is_public: true });

    await userEvent.click(await screen.findByRole("button", { name: "Switch off" }));

    expect(await screen.findByText("Not public")).toBeInTheDocument();
    expect(sent).toEqual([{ is_public: false }]);
  });

  test("is replaced after a question", async () => {
    const { sent } = serverWith(ON);
    await showLink({ is_public: true });

    await userEvent.click(await screen.findByRole("button", { name: "New link" }));
    expect(sent).toEqual([]);
    overlays.getState().question?.onConfirm();

    await waitFor(() => expect(sent).toEqual([{ is_public: true, rotate: true }]));
  });

  test("loses its password when asked to", async () => {
    const { sent } = serverWith({ ...ON, has_password: true });
    await showLink({ is_public: true });

    await userEvent.click(await screen.findByRole("button", { name: "Remove" }));

    expect(await screen.findByText("No password is asked")).toBeInTheDocument();
    expect(sent).toEqual([{ is_public: true, password: null }]);
  });

  test("cannot be made of an archived dashboard", async () => {
    serverWith(OFF);
    await showLink({ is_archived: true });

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

/** A server that keeps who a dashboard is shared with; `sent` is what it was told. */
function serverOf(first: Audience, link: Link = OFF) {
  const sent: unknown[] = [];
  let now = first;
  const names: Record<string, string> = { u2: "Berta", u3: "Carl", g1: "Sales team" };
  const { asked } = serverWith(link, {
    "GET /api/people": (_, url) =>
      Response.json(
        [
          { id: "u1", name: "Ana", email: null },
          { id: "u2", name: "Berta", email: null },
          { id: "u3", name: "Carl", email: null },
        ].filter((one) => one.name.includes(url.searchParams.get("search") ?? "")),
      ),
    "GET /api/teams": () => Response.json([{ id: "g1", name: "Sales team", member_count: 4 }]),
    "GET /api/v1/bi/dashboards/dash-d1/share": () => Response.json(now),
    "POST /api/v1/bi/dashboards/dash-d1/share": (body) => {
      sent.push(body);
      const said = body as Partial<Audience>;
      const list = said.shared_with ?? now.shared_with;
      now = {
        ...now,
        visibility: said.visibility ?? now.visibility,
        shared_with: list.map((one) => ({
          ...one,
          kind: one.id.startsWith("g") ? "team" : "user",
          name: names[one.id] ?? "?",
        })),
      };
      return Response.json(now);
    },
  });
  return { sent, asked };
}

const BERTA = { id: "u2", kind: "user" as const, name: "Berta", permission: "view" as const };
const TEAM = { id: "g1", kind: "team" as const, name: "Sales team", permission: "edit" as const };

describe("people and teams", () => {
  test("are found by name and may view from then on", async () => {
    const { sent } = serverOf(makeAudience({ shared_with: [TEAM] }));
    await show();

    await userEvent.type(await screen.findByRole("combobox", { name: /Share with people/ }), "Berta");
    await userEvent.click(await screen.findByRole("option", { name: /Berta/ }));

    expect(await screen.findByRole("button", { name: "Stop sharing with Berta" })).toBeInTheDocument();
    expect(sent).toEqual([
      {
        shared_with: [
          { id: "g1", permission: "edit" },
          { id: "u2", permission: "view" },
        ],
      },
    ]);
  });

  test("are not offered twice, and neither is the owner", async () => {
    serverOf(makeAudience({ shared_with: [BERTA] }));
    await show();

    await userEvent.click(await screen.findByRole("combobox", { name: /Share with people/ }));

    expect(await screen.findByRole("option", { name: /Carl/ })).toBeInTheDocument();
    expect(screen.getByRole("option", { name: /Sales team.*4 members/ })).toBeInTheDocument();
    expect(screen.queryByRole("option", { name: /Berta/ })).toBeNull();
    expect(screen.queryByRole("option", { name: /Ana/ })).toBeNull();
  });

  test("get another right", async () => {
    const { sent } = serverOf(makeAudience({ shared_with: [BERTA] }));
    await show();

    await userEvent.click(await screen.findByRole("combobox", { name: "What Berta may do" }));
    await userEvent.click(await screen.findByRole("option", { name: "Can edit" }));

    await waitFor(() => expect(sent).toEqual([{ shared_with: [{ id: "u2", permission: "edit" }] }]));
  });

  test("are gone from the list at once, and can be put back", async () => {
    const { sent } = serverOf(makeAudience({ shared_with: [BERTA, TEAM] }));
    await show();

    await userEvent.click(await screen.findByRole("button", { name: "Stop sharing with Berta" }));

    expect(screen.queryByText("Berta")).toBeNull();
    await waitFor(() => expect(sent).toEqual([{ shared_with: [{ id: "g1", permission: "edit" }] }]));
    await waitFor(() => expect(overlays.getState().toasts.at(-1)?.message).toMatch(/Berta does not see/));
    overlays.getState().toasts.at(-1)?.action?.onClick();
    expect(await screen.findByText("Berta")).toBeInTheDocument();
  });

  test("stay in the list when the server refuses", async () => {
    serverWith(OFF, {
      "GET /api/v1/bi/dashboards/dash-d1/share": () => Response.json(makeAudience({ shared_with: [BERTA] })),
      "POST /api/v1/bi/dashboards/dash-d1/share": () => Response.json({ detail: "Not now" }, { status: 503 }),
    });
    await show();

    await userEvent.click(await screen.findByRole("button", { name: "Stop sharing with Berta" }));

    await waitFor(() => expect(overlays.getState().toasts.at(-1)?.message).toBe("Not now"));
    expect(await screen.findByText("Berta")).toBeInTheDocument();
  });

  test("can be everybody of the tenant, without the public link", async () => {
    const { sent } = serverOf(makeAudience());
    await show();

    await userEvent.click(await screen.findByRole("radio", { name: /Everybody in this organisation/ }));

    await waitFor(() => expect(sent).toEqual([{ visibility: "tenant" }]));
    expect(await screen.findByRole("radio", { name: /Everybody in this organisation/ })).toBeChecked();
  });

  test("are narrowed after a question when the public link ends with it", async () => {
    const { sent } = serverOf(makeAudience({ visibility: "public" }), ON);
    await show({ is_public: true });

    expect(await screen.findByText(/anyone who has it sees the last snapshot/)).toBeInTheDocument();
    expect(screen.getByRole("radio", { name: /Everybody in this organisation/ })).toBeChecked();
    await userEvent.click(screen.getByRole("radio", { name: /Only these people/ }));
    expect(sent).toEqual([]);
    overlays.getState().question?.onConfirm();

    await waitFor(() => expect(sent).toEqual([{ visibility: "private" }]));
  });
});
