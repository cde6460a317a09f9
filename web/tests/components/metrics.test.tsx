import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Suspense } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Metric } from "@/api/queries/metrics";
import { blankDraft, type TileDraft } from "@/features/editor/draft";
import { formatted, MetricPanes, valuesFor } from "@/features/editor/MetricPanes";
import { CataloguePage, type CatalogueSearch } from "@/features/metrics/CataloguePage";
import { draftOf, tidied } from "@/features/metrics/draft";
import { ImportMetrics } from "@/features/metrics/ImportMetrics";
import { edgesOf, layOut, NODE } from "@/features/metrics/lineage";
import { MetricForm } from "@/features/metrics/MetricForm";
import { MetricPage } from "@/features/metrics/MetricPage";
import { setLocale } from "@/lib/locale";
import { overlays } from "@/ui/overlays";
import { fakeServer, makeMe, renderPage } from "../make";

vi.setConfig({ testTimeout: 40_000 });
beforeEach(() => setLocale("en"));
afterEach(() => vi.unstubAllGlobals());

const PATH = "/api/v1/bi/metrics";
const SOURCE = {
  id: "s1",
  name: "Shop",
  type: "duckdb",
  config: {},
  is_default: true,
  can_use: true,
  can_own: true,
};
const USE = {
  tile_id: "t1",
  title: "Takings",
  dashboard_id: "d1",
  dashboard_name: "Sales",
  metric: "revenue",
  before: 100,
  after: 80,
  change: -0.2,
  error: null,
  not_computed: false,
};

function metric(name: string, extra: Partial<Metric> = {}): Metric {
  return {
    id: `id-${name}`,
    tenant_id: "default",
    name,
    label: null,
    description: null,
    type: "simple",
    status: "published",
    certified: false,
    owner_id: "u1",
    datasource_id: "s1",
    catalog: null,
    schema: null,
    table: "sales",
    sql: null,
    expression: "sum(amount)",
    formula: null,
    time_column: "day",
    grains: ["day", "month"],
    dimensions: [{ name: "region" }, { name: "shop" }],
    joins: [],
    filters: [],
    format: {},
    synonyms: [],
    revision: 1,
    can_edit: true,
    created_at: "2026-11-21T12:00:00Z",
    updated_at: "2026-11-21T12:00:00Z",
    ...extra,
  } as Metric;
}

const REVENUE = metric("revenue", {
  label: "Revenue",
  synonyms: ["turnover"],
  format: { suffix: " EUR", decimals: 2 },
});
const MARGIN = metric("margin", {
  type: "derived",
  expression: null,
  formula: "{revenue} - {cost}",
  table: null,
});
const OLD = metric("sales_2019", { status: "deprecated" });

type Routes = Parameters<typeof fakeServer>[0];

function server(metrics: Metric[], more: Routes = {}) {
  const one = (name: string) => metrics.find((found) => found.name === name);
  const lineage = { formula_of: [], metrics: [], tiles: [] };
  const made = fakeServer({
    [`GET ${PATH}`]: () => Response.json(metrics, { headers: { "X-Total-Count": String(metrics.length) } }),
    "GET /api/datasources": () => Response.json([SOURCE]),
    "GET /api/datasources/s1/schema": () => Response.json({ catalogs: [] }),
    "GET /api/people": () => Response.json([]),
    ...Object.fromEntries(
      metrics.flatMap(({ name }) => [
        [`GET ${PATH}/${name}`, () => Response.json(one(name))],
        [`GET ${PATH}/${name}/lineage`, () => Response.json(lineage)],
      ]),
    ),
    ...more,
  });
  vi.stubGlobal("fetch", made.fetch);
  return made;
}

describe("the catalogue", () => {
  const shown = (search: CatalogueSearch = {}, role: "editor" | "viewer" = "editor") => {
    const onSearch = vi.fn();
    const onAdd = vi.fn();
    const page = <CataloguePage search={search} onSearch={onSearch} onAdd={onAdd} />;
    return renderPage(page, makeMe({ role })).then(() => ({ onSearch, onAdd }));
  };

  test("finds metrics by other words for them, and by their status", async () => {
    server([REVENUE, MARGIN, OLD]);
    await shown({ q: "turnover" });

    expect(await screen.findByRole("link", { name: "Revenue" })).toBeTruthy();
    expect(screen.queryByRole("link", { name: "margin" })).toBeNull();
  });

  test("says so when nothing matches", async () => {
    server([REVENUE]);
    await shown({ status: "draft" });

    expect(await screen.findByText("No metric matches")).toBeTruthy();
  });

  test("offers a reader neither a new metric nor a file", async () => {
    server([REVENUE]);
    await shown({}, "viewer");

    expect(await screen.findByRole("button", { name: "Export" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "New metric" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Import" })).toBeNull();
  });
});

describe("a metric's page", () => {
  test("says how it is measured, and what it is a part of", async () => {
    const found = { formula_of: [], metrics: ["margin"], tiles: [{ ...USE }] };
    server([REVENUE, MARGIN], { [`GET ${PATH}/revenue/lineage`]: () => Response.json(found) });
    await renderPage(<MetricPage name="revenue" onEdit={vi.fn()} onLeave={vi.fn()} />);

    expect(await screen.findByText("sum(amount)")).toBeTruthy();
    expect(screen.getByText("… EUR", { normalizer: (text) => text })).toBeTruthy();
    const picture = await screen.findByRole("img", { name: /What it is made of/ });
    expect([...picture.querySelectorAll("text")].map((one) => one.textContent)).toEqual([
      "revenue",
      "margin",
      "Takings",
    ]);
    expect(screen.getByRole("link", { name: "margin" })).toBeTruthy();
    expect(screen.getByRole("link", { name: "Takings" }).getAttribute("href")).toContain("/dashboards/d1");
  });

  test("that is in use cannot be deleted, and the server's sentence says by what", async () => {
    const refusal = { detail: "revenue is used by the tile Takings" };
    server([REVENUE], { [`DELETE ${PATH}/id-revenue`]: () => Response.json(refusal, { status: 409 }) });
    const onLeave = vi.fn();
    await renderPage(<MetricPage name="revenue" onEdit={vi.fn()} onLeave={onLeave} />);

    await userEvent.click(await screen.findByRole("button", { name: "More actions" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Delete" }));
    act(() => overlays.getState().question?.onConfirm());

    expect((await screen.findByRole("alert")).textContent).toContain(refusal.detail);
    expect(onLeave).not.toHaveBeenCalled();
  });
});

describe("the form of a metric", () => {
  test("shows what a change moves before it is stored", async () => {
    const puts: string[] = [];
    const { asked } = server([REVENUE], {
      [`PUT ${PATH}/id-revenue`]: (body, url) => {
        puts.push(`${url.search} ${(body as Metric).expression}`);
        return Response.json({ ...REVENUE, warnings: [], used_by: [USE] });
      },
    });
    const onDone = vi.fn();
    await renderPage(<MetricForm name="revenue" onDone={onDone} />);

    const field = await screen.findByRole("textbox", { name: "Expression" });
    await userEvent.clear(field);
    await userEvent.type(field, "sum(net)");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    const dialog = await screen.findByRole("dialog", { name: "These tiles use it" });
    expect(within(dialog).getByText("-20%")).toBeTruthy();
    expect(puts).toEqual(["?dry_run=true sum(net)"]);
    expect(onDone).not.toHaveBeenCalled();

    await userEvent.click(within(dialog).getByRole("button", { name: "Save the change" }));
    await waitFor(() => expect(onDone).toHaveBeenCalledWith("revenue"));
    expect(puts).toEqual(["?dry_run=true sum(net)", " sum(net)"]);
    expect(asked.filter((one) => one.startsWith("POST"))).toEqual([]);
  });

  test("names a new metric after its label, and says what the server refuses", async () => {
    const sent: unknown[] = [];
    server([], {
      [`POST ${PATH}`]: (body) => {
        sent.push(body);
        return Response.json({ detail: "table: there is no table" }, { status: 400 });
      },
    });
    await renderPage(<MetricForm onDone={vi.fn()} />);

    await userEvent.type(await screen.findByRole("textbox", { name: "Label" }), "Ingresos de Ávila");
    await userEvent.type(screen.getByRole("textbox", { name: "Expression" }), "count(*)");
    await userEvent.type(screen.getByRole("textbox", { name: "After the number" }), " km");
    await userEvent.click(screen.getByRole("button", { name: "Create" }));

    expect(await screen.findByText(/there is no table/)).toBeTruthy();
    expect(sent).toMatchObject([
      { name: "ingresos_de_avila", expression: "count(*)", formula: null, format: { suffix: " km" } },
    ]);
  });

  test("a running metric of a formula keeps its formula, and takes nothing about rows along", () => {
    const running = metric("so_far", { type: "cumulative", expression: null, formula: "{revenue}" });
    expect(tidied(draftOf(running, null))).toMatchObject({
      type: "cumulative",
      formula: "{revenue}",
      expression: null,
      datasource_id: null,
      dimensions: [],
    });
  });
});

describe("an import", () => {
  test("shows what each metric would do, and stores after a yes", async () => {
    const sent: unknown[] = [];
    const found = [
      { name: "revenue", action: "updated", warnings: ["a warning"], used_by: [USE] },
      { name: "cost", action: "created", warnings: [], used_by: [] },
      { name: "margin", action: "unchanged", warnings: [], used_by: [] },
    ];
    server([], {
      [`POST ${PATH}/apply`]: (body) => {
        sent.push(body);
        return Response.json({ dry_run: (body as { dry_run: boolean }).dry_run, metrics: found });
      },
    });
    const onClose = vi.fn();
    await renderPage(<ImportMetrics onClose={onClose} />);

    const input = document.querySelector<HTMLInputElement>("input[type=file]");
    await userEvent.upload(input as HTMLInputElement, new File(["metrics: []"], "metrics.yaml"));
    expect(await screen.findByText("a warning")).toBeTruthy();
    expect(screen.getByText("1 tile affected")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Apply 2 changes" }));

    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(sent).toEqual([
      { yaml: "metrics: []", dry_run: true },
      { yaml: "metrics: []", dry_run: false },
    ]);
  });
});

describe("lineage", () => {
  test("a tile that a metric above explains hangs from that one alone", () => {
    const above = [{ name: "margin", of: ["revenue"], tiles: ["t1"] }];
    expect(edgesOf("revenue", [], above, ["t1", "t2"])).toEqual([
      ["revenue", "margin"],
      ["margin", "t1"],
      ["revenue", "t2"],
    ]);
  });

  test("a line that passes a box goes around it, inside the picture", () => {
    const tiles = ["t1", "t2", "t3"].map((id) => ({ id, title: id }));
    const edges = edgesOf("revenue", [], [{ name: "margin", of: ["revenue"], tiles: [] }], ["t2"]);
    const { nodes, lines, height } = layOut({ below: [], own: "revenue", above: ["margin"], tiles, edges });
    const box = nodes.find((node) => node.id === "margin");
    const lane = Number(/C[\d. -]+ ([\d.-]+)H/.exec(lines[1] ?? "")?.[1]);
    expect(lane < (box?.y ?? 0) || lane > (box?.y ?? 0) + NODE.height).toBe(true);
    expect(lane).toBeGreaterThan(0);
    expect(lane).toBeLessThan(height);
  });
});

describe("the picker", () => {
  const asking = (metric_query: Record<string, unknown>, extra: Partial<TileDraft> = {}): TileDraft => ({
    ...blankDraft("kpi", SOURCE),
    query: null,
    metric_query,
    ...extra,
  });
  const compiled: unknown[] = [];
  const shown = async (draft: TileDraft) => {
    compiled.length = 0;
    server([REVENUE, MARGIN, metric("cost"), OLD], {
      [`POST ${PATH}/compile`]: (body) => {
        compiled.push(body);
        return Response.json({ sql: "SELECT 1 AS revenue", columns: ["revenue"], datasource_id: "s1" });
      },
    });
    const onChange = vi.fn();
    await renderPage(
      <Suspense>
        <MetricPanes
          dashboardId="d1"
          draft={draft}
          query={draft.metric_query ?? {}}
          run={vi.fn()}
          isRunning={false}
          cancel={vi.fn()}
          onChange={onChange}
        />
      </Suspense>,
    );
    return onChange;
  };

  test("offers every metric but deprecated ones", async () => {
    const onChange = await shown(asking({ metrics: [] }));

    await userEvent.click(await screen.findByRole("combobox", { name: "Metrics" }));
    expect((await screen.findAllByRole("option")).map((one) => one.textContent)).toEqual([
      "Revenue",
      "margin",
      "cost",
    ]);
    await userEvent.click(screen.getByRole("option", { name: "Revenue" }));
    expect(onChange).toHaveBeenCalledWith({ metric_query: { metrics: ["revenue"] } });
  });

  test("gives away SQL without the ends of a range where the dashboard has none", async () => {
    const onChange = await shown(asking({ metrics: ["revenue"] }));

    expect(await screen.findByText("SELECT 1 AS revenue")).toBeTruthy();
    expect(compiled).toEqual([{ metrics: ["revenue"], bounds: false }]);
    await userEvent.click(screen.getByRole("button", { name: "Take the SQL over" }));
    expect(onChange).toHaveBeenCalledWith({ metric_query: null, query: "SELECT 1 AS revenue" });
  });

  test("asks with a condition as soon as it has a value, and not before", async () => {
    const onChange = await shown(asking({ metrics: ["revenue"] }));
    await screen.findByText("SELECT 1 AS revenue");
    onChange.mockClear();

    await userEvent.click(screen.getByRole("button", { name: "Add a condition" }));
    expect(onChange).not.toHaveBeenCalled();
    await userEvent.type(screen.getByRole("textbox", { name: "Value; several with commas" }), "North, 7");
    expect(onChange).not.toHaveBeenCalled();
    await userEvent.tab();

    const filters = [{ field: "region", operator: "in", values: ["North", 7] }];
    expect(onChange.mock.calls).toEqual([[{ metric_query: { metrics: ["revenue"], filters } }]]);
  });

  test("values are as the operator takes them", () => {
    expect(valuesFor("in", "a, 2 ,")).toEqual(["a", 2]);
    expect(valuesFor("eq", "a, b")).toEqual(["a, b"]);
    expect(valuesFor("is_null", "a")).toEqual([]);
  });

  test("a number takes the format of its metric where it has none of its own", () => {
    expect(formatted({ suffix: " USD" }, REVENUE.format)).toMatchObject({ suffix: " USD", decimals: 2 });
    expect(formatted({ suffix: " EUR", decimals: 0 }, { suffix: " min" }, REVENUE.format)).toMatchObject({
      suffix: " min",
      decimals: 0,
    });
  });
});
