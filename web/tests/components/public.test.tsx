import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { onLoggedOut } from "@/api/client";
import type { PublicDashboard, TileData } from "@/api/types";
import type { BodyProps } from "@/features/public/body";
import { PublicPage } from "@/features/public/PublicPage";
import { setLocale } from "@/lib/locale";
import type { PublicSearch } from "@/lib/url";
import { fakeServer, makeDashboard, makeTile, makeTileData, renderPage } from "../make";

beforeEach(() => setLocale("en"));
afterEach(() => vi.unstubAllGlobals());

const PAGE = "GET /api/dashboards/shared/tsh_a";
const DATA = "GET /api/dashboards/shared/tsh_a/data";
const UNLOCK = "POST /api/dashboards/shared/tsh_a/unlock";
const GONE = { detail: "Dashboard not found or access denied" };

function structure(extra: Partial<PublicDashboard> = {}): PublicDashboard {
  const { user_id: _, ...rest } = makeDashboard({
    can_edit: false,
    can_own: false,
    pages: [
      { id: "p1", name: "Overview", page_order: 0 },
      { id: "p2", name: "Details", page_order: 1 },
    ],
    tiles: [
      makeTile({ id: "t1", title: "Revenue", query: null, datasource_id: null }),
      makeTile({ id: "t2", title: "Orders", page_id: "p2", query: null, datasource_id: null }),
    ],
  });
  return { ...rest, user_id: null, snapshot_id: "n1", ...extra } as PublicDashboard;
}

function data(extra: object = {}) {
  const tile_data: Record<string, TileData> = {
    t1: makeTileData({ id: "t1", row_count: 10 }),
    t2: makeTileData({ id: "t2", row_count: 20 }),
  };
  return {
    id: "n1",
    dashboard_id: "d1",
    tile_data,
    execution_time_ms: 10,
    trigger_type: "on_share",
    created_at: "2026-11-21T12:00:00Z",
    expires_at: "2026-11-28T12:00:00Z",
    stale: false,
    ...extra,
  };
}

/** Instead of charts: what the page hands on. */
function Body({ tile, data }: BodyProps) {
  return <p>{`${tile.title}: ${data?.row_count ?? "-"}`}</p>;
}

function show(search: PublicSearch = {}, onPage: (id: string | undefined) => void = () => undefined) {
  return renderPage(<PublicPage token="tsh_a" search={search} onPage={onPage} Body={Body} />, null);
}

function serve(routes: Parameters<typeof fakeServer>[0]) {
  const server = fakeServer(routes);
  vi.stubGlobal("fetch", server.fetch);
  return server;
}

describe("a public page", () => {
  test("shows the tiles of a page with the rows of the snapshot, and when they were fetched", async () => {
    const { asked } = serve({
      [PAGE]: () => Response.json(structure()),
      [DATA]: () => Response.json(data()),
    });

    await show();

    expect(await screen.findByText("Revenue: 10")).toBeInTheDocument();
    expect(screen.queryByText("Orders: 20")).toBeNull();
    expect(screen.getByText(/As of Nov 21, 2026/)).toBeInTheDocument();
    expect(screen.getByText("Shared by Ana")).toBeInTheDocument();
    expect(screen.queryByText("Old")).toBeNull();
    expect(asked).toEqual([PAGE, DATA]);
    expect(document.querySelector("meta[name=robots]")).toHaveAttribute("content", "noindex, nofollow");
  });

  test("names its pages in the address, and the first one by nothing", async () => {
    const went: (string | undefined)[] = [];
    serve({ [PAGE]: () => Response.json(structure()), [DATA]: () => Response.json(data()) });
    await show({ page: "p2" }, (id) => went.push(id));

    expect(await screen.findByText("Orders: 20")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("tab", { name: "Overview" }));

    expect(went).toEqual([undefined]);
  });

  test("says that its numbers are old", async () => {
    serve({
      [PAGE]: () => Response.json(structure()),
      [DATA]: () => Response.json(data({ stale: true })),
    });

    await show();

    expect(await screen.findByLabelText(/Newer ones could not be fetched/)).toBeInTheDocument();
  });

  test("asks for both again when a newer snapshot came between them", async () => {
    let count = 0;
    const { asked } = serve({
      [PAGE]: () => {
        count += 1;
        return Response.json(structure({ snapshot_id: count === 1 ? "n0" : "n1" }));
      },
      [DATA]: () => Response.json(data()),
    });

    await show();

    expect(await screen.findByText("Revenue: 10")).toBeInTheDocument();
    expect(asked).toEqual([PAGE, DATA, PAGE, DATA]);
  });

  test("inside another site has no header, but still says how old it is", async () => {
    serve({ [PAGE]: () => Response.json(structure()), [DATA]: () => Response.json(data()) });

    await show({ embed: 1 });

    expect(await screen.findByText("Revenue: 10")).toBeInTheDocument();
    expect(screen.queryByRole("heading", { level: 1 })).toBeNull();
    expect(screen.getByText(/As of Nov 21, 2026/)).toBeInTheDocument();
  });

  test("of a link that leads nowhere says so in plain words", async () => {
    serve({ [PAGE]: () => Response.json(GONE, { status: 404 }) });

    await show();

    expect(await screen.findByRole("heading", { name: "This link leads nowhere" })).toBeInTheDocument();
  });

  test("opens with its password, without sending anybody to the log-in", async () => {
    let isOpen = false;
    const loggedOut = vi.fn();
    const stop = onLoggedOut(loggedOut);
    const locked = () => Response.json({ detail: "This page asks for a password" }, { status: 401 });
    serve({
      [PAGE]: () => (isOpen ? Response.json(structure()) : locked()),
      [DATA]: () => (isOpen ? Response.json(data()) : locked()),
      [UNLOCK]: (body) => {
        isOpen = (body as { password: string }).password === "open sesame";
        return isOpen
          ? new Response(null, { status: 204 })
          : Response.json({ detail: "That is not the password" }, { status: 401 });
      },
    });
    await show();

    await userEvent.type(await screen.findByLabelText("Password"), "wrong");
    await userEvent.click(screen.getByRole("button", { name: "Open" }));
    expect(await screen.findByText("That is not the password")).toBeInTheDocument();
    await userEvent.clear(screen.getByLabelText("Password"));
    await userEvent.type(screen.getByLabelText("Password"), "open sesame");
    await userEvent.click(screen.getByRole("button", { name: "Open" }));

    expect(await screen.findByText("Revenue: 10")).toBeInTheDocument();
    expect(loggedOut).not.toHaveBeenCalled();
    stop();
  });
});

const SRC = join(__dirname, "../../src");

function fileOf(target: string): string | undefined {
  const folder = join(SRC, dirname(target));
  const name = target.split("/").at(-1) ?? "";
  const found = readdirSync(folder).find(
    (file) => file === `${name}.ts` || file === `${name}.tsx` || file === name,
  );
  if (found === undefined) return undefined;
  return found.includes(".") ? join(folder, found) : join(folder, found, "index.ts");
}

/** Every file that this one may ever load; imports of types load nothing. */
function reach(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || file.endsWith(".css")) return seen;
  seen.add(file);
  const text = readFileSync(file, "utf8").replace(/import type [^;]*;/g, "");
  const imports = text.matchAll(/(?:from\s+|import\s*\(\s*|import\s+)"(\.{1,2}\/[^"]+|@\/[^"]+)"/g);
  for (const [, path] of imports) {
    const name = String(path);
    const target = name.startsWith("@/")
      ? name.slice(2)
      : normalize(relative(SRC, join(dirname(file), name)));
    const next = fileOf(target);
    if (next) reach(next, seen);
  }
  return seen;
}

test("a public page never loads the editor, nor anything else that a stranger has no use for", () => {
  const files = [...reach(join(SRC, "app/routes/public.tsx"))].map((file) => relative(SRC, file));

  const features = new Set(files.flatMap((file) => /^features\/([^/]+)\//.exec(file)?.[1] ?? []));

  expect([...features].sort()).toEqual(["dashboards", "public", "tiles"]);
  expect(files.filter((file) => file.startsWith("features/dashboards/"))).toEqual([
    "features/dashboards/useSeriesColors.ts",
  ]);
});
