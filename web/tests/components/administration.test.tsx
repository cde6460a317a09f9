import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { AuditLine, Member, ModelSettings, TeamDetail, Tenant } from "@/api/types";
import { AuditPage } from "@/features/audit/AuditPage";
import { sayAction } from "@/features/audit/actions";
import { ModelsPage } from "@/features/models/ModelsPage";
import { everyDay } from "@/features/models/usage";
import { TeamsPage } from "@/features/teams/TeamsPage";
import { commandFor, TenantsPage } from "@/features/tenants/TenantsPage";
import { setLocale } from "@/lib/locale";
import { readAuditSearch } from "@/lib/url";
import { overlays } from "@/ui/overlays";
import { fakeServer, makeMe, renderPage } from "../make";

const THEN = "2026-11-21T12:00:00Z";
const ADMIN = makeMe({ role: "admin" });

beforeEach(() => setLocale("en"));
afterEach(() => {
  vi.unstubAllGlobals();
  overlays.setState({ toasts: [], question: null });
});

function serve(routes: Parameters<typeof fakeServer>[0]) {
  const server = fakeServer(routes);
  vi.stubGlobal("fetch", server.fetch);
  return server.asked;
}

describe("teams", () => {
  const BERTA: Member = { id: "u2", name: "Berta", role: "viewer", is_active: true, email: "b@example.com" };

  function teamServer(members: Member[]) {
    let now: TeamDetail = {
      id: "g1",
      name: "Sales",
      description: "Who sells",
      created_at: THEN,
      member_count: members.length,
      is_member: false,
      members,
    };
    const put = (list: Member[]) => {
      now = { ...now, members: list, member_count: list.length };
      return Response.json(now);
    };
    return serve({
      "GET /api/teams": () => Response.json([now]),
      "GET /api/teams/g1": () => Response.json(now),
      "GET /api/people": () => Response.json([{ id: "u2", name: "Berta", email: "b@example.com" }]),
      "POST /api/teams/g1/members/u2": () => put([BERTA]),
      "DELETE /api/teams/g1/members/u2": () => {
        put([]);
        return new Response(null, { status: 204 });
      },
      "PUT /api/teams/g1": (body) => {
        now = { ...now, ...(body as object) };
        return Response.json(now);
      },
    });
  }

  test("take in somebody who is found by name", async () => {
    teamServer([]);
    await renderPage(<TeamsPage />, ADMIN);

    await userEvent.click(await screen.findByRole("button", { name: "Show members: Sales" }));
    expect(await screen.findByText("Nobody is in this team yet.")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("combobox", { name: "Add a member" }));
    await userEvent.click(await screen.findByRole("option", { name: /Berta/ }));

    expect(await screen.findByRole("button", { name: "Take Berta out of the team" })).toBeInTheDocument();
    expect(await screen.findByText("1 member")).toBeInTheDocument();
  });

  test("let somebody go, and take them back", async () => {
    const asked = teamServer([BERTA]);
    await renderPage(<TeamsPage />, ADMIN);

    await userEvent.click(await screen.findByRole("button", { name: "Show members: Sales" }));
    await userEvent.click(await screen.findByRole("button", { name: "Take Berta out of the team" }));
    expect(await screen.findByText("Nobody is in this team yet.")).toBeInTheDocument();
    overlays.getState().toasts.at(-1)?.action?.onClick();

    await waitFor(() => expect(asked).toContain("POST /api/teams/g1/members/u2"));
  });

  test("are renamed in a form", async () => {
    teamServer([]);
    await renderPage(<TeamsPage />, ADMIN);

    await userEvent.click(await screen.findByRole("button", { name: "More actions: Sales" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: /Change name/ }));
    const name = await screen.findByRole("textbox", { name: "Name" });
    await userEvent.clear(name);
    await userEvent.type(name, "Sales North");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));

    expect(await screen.findByRole("heading", { name: "Sales North" })).toBeInTheDocument();
  });

  test("are only looked at by who is no admin", async () => {
    teamServer([BERTA]);
    await renderPage(<TeamsPage />, makeMe({ role: "editor" }));

    await userEvent.click(await screen.findByRole("button", { name: "Show members: Sales" }));

    expect(await screen.findByText("Berta")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /Take Berta/ })).toBeNull();
    expect(screen.queryByRole("button", { name: "New team" })).toBeNull();
    expect(screen.queryByRole("button", { name: /More actions/ })).toBeNull();
  });
});

describe("tenants", () => {
  function makeTenant(extra: Partial<Tenant> = {}): Tenant {
    return {
      id: "n1",
      name: "north",
      created_at: THEN,
      suspended_at: null,
      limits: { max_dashboards: 50, max_storage_bytes: null, max_concurrent_queries: null },
      usage: { dashboards: 12, users: 3, storage_bytes: 2_500_000 },
      ...extra,
    };
  }

  function tenantServer() {
    const sent: unknown[] = [];
    let north = makeTenant();
    const first = makeTenant({ id: "default", name: "default" });
    serve({
      "GET /api/tenants": () => Response.json([first, north], { headers: { "X-Total-Count": "2" } }),
      "POST /api/tenants/n1/suspend": () => {
        north = { ...north, suspended_at: THEN };
        return Response.json(north);
      },
      "POST /api/tenants/n1/resume": () => {
        north = { ...north, suspended_at: null };
        return Response.json(north);
      },
      "PUT /api/tenants/n1": (body) => {
        sent.push(body);
        return Response.json(north);
      },
      "POST /api/tenants": (body) => {
        sent.push(body);
        return Response.json(makeTenant({ id: "n2", name: "south east" }), { status: 201 });
      },
    });
    return sent;
  }

  test("show what they use of what they may", async () => {
    tenantServer();
    await renderPage(<TenantsPage />, ADMIN);

    const row = (await screen.findByText("north")).closest("tr");

    expect(row).toHaveTextContent("12 of 50");
    expect(row).toHaveTextContent("2.5 MB");
    expect(row).toHaveTextContent("as the server");
  });

  test("are suspended after a question, and resumed without one", async () => {
    tenantServer();
    await renderPage(<TenantsPage />, ADMIN);

    await userEvent.click(await screen.findByRole("button", { name: "More actions: north" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Suspend…" }));
    expect(screen.queryByText("Suspended")).toBeNull();
    expect(overlays.getState().question?.message).toMatch(/Nothing is deleted/);
    overlays.getState().question?.onConfirm();
    expect(await screen.findByText("Suspended")).toBeInTheDocument();

    await userEvent.click(screen.getByRole("button", { name: "More actions: north" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Resume" }));
    await waitFor(() => expect(screen.queryByText("Suspended")).toBeNull());
  });

  test("never offer to suspend the first one", async () => {
    tenantServer();
    await renderPage(<TenantsPage />, ADMIN);

    await userEvent.click(await screen.findByRole("button", { name: "More actions: default" }));

    expect(await screen.findByRole("menuitem", { name: "Name and limits" })).toBeInTheDocument();
    expect(screen.queryByRole("menuitem", { name: "Suspend…" })).toBeNull();
  });

  test("get limits; an emptied one is none", async () => {
    const sent = tenantServer();
    await renderPage(<TenantsPage />, ADMIN);

    await userEvent.click(await screen.findByRole("button", { name: "More actions: north" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Name and limits" }));
    await userEvent.clear(await screen.findByLabelText("Dashboards"));
    await userEvent.type(screen.getByLabelText("Files, in GB"), "1.5");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));

    await waitFor(() =>
      expect(sent).toEqual([
        {
          name: "north",
          limits: { max_dashboards: null, max_storage_bytes: 1_500_000_000, max_concurrent_queries: null },
        },
      ]),
    );
  });

  test("are made with the words that add their first admin", async () => {
    tenantServer();
    await renderPage(<TenantsPage />, ADMIN);

    await userEvent.click(await screen.findByRole("button", { name: "New tenant" }));
    await userEvent.type(await screen.findByLabelText("Name"), "south east");
    await userEvent.click(screen.getByRole("button", { name: "Create" }));

    expect(await screen.findByLabelText("Command")).toHaveValue(
      "tesela user add admin@example.org --role admin --tenant 'south east'",
    );
    expect(commandFor("it's")).toContain("--tenant 'it'\\''s'");
  });

  test("are not asked for by an admin of another one", async () => {
    const asked = serve({});
    await renderPage(<TenantsPage />, makeMe({ role: "admin", tenant_id: "n1" }));

    expect(await screen.findByText(/Only the operators/)).toBeInTheDocument();
    expect(asked).toEqual([]);
  });
});

describe("the audit", () => {
  function makeLine(extra: Partial<AuditLine> = {}): AuditLine {
    return {
      id: 1,
      at: THEN,
      user_id: "u1",
      user_name: "Ana",
      via: "session",
      ip: "192.0.2.7",
      action: "create_dashboard",
      object_kind: "dashboard",
      object_id: "d1",
      object_name: "Sales",
      parent_id: null,
      details: { changed: ["name"] },
      ...extra,
    };
  }

  function auditServer(lines: AuditLine[], total = lines.length) {
    return serve({
      "GET /api/users": () => Response.json([{ id: "u1", name: "Ana", email: "ana@example.com" }]),
      "GET /api/audit": () => Response.json(lines, { headers: { "X-Total-Count": String(total) } }),
    });
  }

  test("says in words who did what, and shows the rest when asked", async () => {
    auditServer([
      makeLine(),
      makeLine({ id: 2, user_name: null, user_id: null, action: "log_in_failed", object_name: null }),
    ]);
    await renderPage(<AuditPage search={{}} onSearch={() => undefined} />, ADMIN);

    expect(await screen.findByRole("link", { name: "Sales" })).toHaveAttribute("href", "/dashboards/d1");
    expect(screen.getAllByText("Failed to log in").length).toBeGreaterThan(0);
    expect(screen.getAllByText("Somebody unknown").length).toBeGreaterThan(0);
    expect(screen.queryByText("Fields sent")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Details: Made a dashboard" }));

    expect(screen.getByText("Fields sent")).toBeInTheDocument();
  });

  test("asks for what the address says, and hands out the same as a file", async () => {
    const asked = auditServer([makeLine()], 120);
    const search = { from: "2026-11-01", to: "2026-11-21", person: "u1", action: "create_dashboard", n: 2 };
    await renderPage(<AuditPage search={search} onSearch={() => undefined} />, ADMIN);

    await screen.findByText("51 to 51 of 120");

    expect(asked).toContain(
      "GET /api/audit?from=2026-11-01&to=2026-11-21&user_id=u1&action=create_dashboard&limit=50&offset=50",
    );
    expect(screen.getByRole("link", { name: "Download as CSV" })).toHaveAttribute(
      "href",
      "/api/audit/export?from=2026-11-01&to=2026-11-21&user_id=u1&action=create_dashboard",
    );
  });

  test("a filter begins at the first page, and older lines are a page further", async () => {
    auditServer(
      Array.from({ length: 50 }, (_, id) => makeLine({ id })),
      120,
    );
    const onSearch = vi.fn();
    await renderPage(<AuditPage search={{ action: "log_in", n: 2 }} onSearch={onSearch} />, ADMIN);

    await userEvent.click(await screen.findByRole("button", { name: "Older" }));
    expect(onSearch).toHaveBeenLastCalledWith({ action: "log_in", n: 3 });
    await userEvent.click(screen.getByRole("combobox", { name: "Person" }));
    await userEvent.click(await screen.findByRole("option", { name: "Ana" }));
    expect(onSearch).toHaveBeenLastCalledWith({ action: "log_in", person: "u1" });
    await userEvent.click(screen.getByRole("button", { name: "Clear filters" }));
    expect(onSearch).toHaveBeenLastCalledWith({});
  });

  test("is not asked for by an editor", async () => {
    const asked = auditServer([makeLine()]);
    await renderPage(<AuditPage search={{}} onSearch={() => undefined} />, makeMe());

    expect(await screen.findByText("Only admins read the audit.")).toBeInTheDocument();
    expect(asked).toEqual([]);
  });

  test("has words for deeds that nobody listed, and shows unknown ones as they are", () => {
    expect(sayAction("bi_delete_widget", "en")).toBe("Deleted a widget");
    expect(sayAction("suspend_tenant", "es")).toBe("Suspendió una organización");
    expect(sayAction("fold_paper_crane", "es")).toBe("fold paper crane");
  });

  test("drops from the address what makes no sense", () => {
    expect(readAuditSearch({ from: "2026-13-45", to: "2026-11-21", n: "0", action: 7 })).toEqual({
      to: "2026-11-21",
      action: "7",
    });
  });
});

describe("the model", () => {
  function makeSettings(extra: Partial<ModelSettings> = {}): ModelSettings {
    return {
      is_enabled: true,
      provider: "openai",
      model: "small-1",
      base_url: "http://models.internal:11434/v1",
      has_key: true,
      metadata_only: true,
      requests_per_day: 1000,
      tokens_per_day: 2_000_000,
      timeout_seconds: 30,
      updated_at: THEN,
      allowed_hosts: ["http://models.internal:11434"],
      ...extra,
    };
  }

  function modelServer(settings: ModelSettings) {
    const sent: unknown[] = [];
    const asked = serve({
      "GET /api/ai/settings": () => Response.json(settings),
      "GET /api/ai/usage": () =>
        Response.json({ requests_per_day: 1000, tokens_per_day: 2_000_000, days: [] }),
      "PUT /api/ai/settings": (body) => {
        sent.push(body);
        return Response.json({ ...settings, ...(body as object), updated_at: "2026-11-21T12:01:00Z" });
      },
      "POST /api/ai/test": () => Response.json({ ok: false, message: "The model's server refused the key." }),
    });
    return { sent, asked };
  }

  test("that is off sends nothing, and says so", async () => {
    modelServer(makeSettings({ is_enabled: false, has_key: false, updated_at: null }));
    await renderPage(<ModelsPage />, ADMIN);

    expect(await screen.findByText("Nothing leaves this server.")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Test" })).toBeNull();
  });

  test("never shows its key, and keeps it when none is written", async () => {
    const { sent } = modelServer(makeSettings());
    await renderPage(<ModelsPage />, ADMIN);

    expect(await screen.findByLabelText("Key")).toHaveValue("");
    expect(screen.getByText(/A key is kept/)).toBeInTheDocument();
    await userEvent.clear(screen.getByLabelText("Model"));
    await userEvent.type(screen.getByLabelText("Model"), "large-2");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));

    await waitFor(() => expect(sent).toEqual([{ model: "large-2" }]));
  });

  test("warns that another server loses the key", async () => {
    modelServer(makeSettings());
    await renderPage(<ModelsPage />, ADMIN);

    await userEvent.type(await screen.findByLabelText(/Address/), "x");

    expect(screen.getByText(/Enter it again/)).toBeInTheDocument();
  });

  test("sees rows only after a question", async () => {
    const { sent } = modelServer(makeSettings());
    await renderPage(<ModelsPage />, ADMIN);

    expect(await screen.findByText("never a value of a row")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("switch", { name: /Names only/ }));
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(sent).toEqual([]);
    expect(overlays.getState().question?.message).toContain("models.internal:11434");
    overlays.getState().question?.onConfirm();

    await waitFor(() => expect(sent).toEqual([{ metadata_only: false }]));
    expect(await screen.findByText("A model is on, and sees rows")).toBeInTheDocument();
  });

  test("is tested as it is saved, and what it says is shown", async () => {
    modelServer(makeSettings());
    await renderPage(<ModelsPage />, ADMIN);

    await userEvent.click(await screen.findByRole("button", { name: "Test" }));

    expect(await screen.findByText("The model's server refused the key.")).toBeInTheDocument();
  });

  test("has a use of every day, also of those without", () => {
    const used = [{ day: "2026-11-20", requests: 3, input_tokens: 100, output_tokens: 20 }];

    expect(everyDay(used, Date.parse("2026-11-21T23:30:00Z"), 3)).toEqual([
      { day: "2026-11-19", requests: 0, tokens: 0 },
      { day: "2026-11-20", requests: 3, tokens: 120 },
      { day: "2026-11-21", requests: 0, tokens: 0 },
    ]);
  });
});

test("a spanish reader finds the same in spanish", async () => {
  setLocale("es");
  serve({ "GET /api/teams": () => Response.json([]) });
  const shown = await renderPage(<TeamsPage />, ADMIN);

  expect(await within(shown.container).findByText("Aún no hay equipos")).toBeInTheDocument();
});
