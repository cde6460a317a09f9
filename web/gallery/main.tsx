/** Every kind of tile on one page, for eyes and screenshots: `npm run dev`, then /gallery/?scheme=dark&size=small&slice=0,6 */
import { MantineProvider } from "@mantine/core";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import type { TileData } from "../src/api/types";
import { cssVariables, theme } from "../src/app/theme";
import "../src/app/styles";
import { dice, SAMPLES, tableOf } from "../src/charts/fixtures/samples";
import { type DrawnTile, TileBody } from "../src/features/tiles";
import { cases } from "./cases";

const params = new URLSearchParams(location.search);
const scheme = params.get("scheme") === "dark" ? "dark" : "light";
const isSmall = params.get("size") === "small";
const set = params.get("set") ?? "charts";
document.documentElement.setAttribute("data-mantine-color-scheme", scheme);

export interface Shown {
  readonly tile: DrawnTile;
  readonly data: TileData | undefined;
  readonly loading?: boolean;
  readonly width?: number;
  readonly height?: number;
}

const charts: Shown[] = SAMPLES.map(({ title, type, config, table }) => ({
  tile: { title, tile_type: "chart", chart_type: type, chart_config: config, content: null },
  data: dataOf(title, table),
}));

function dataOf(title: string, table: ReturnType<typeof tableOf>): TileData {
  return {
    id: title,
    title,
    tile_type: "chart",
    data: { columns: [...table.columns], rows: [...table.rows] },
    error: null,
    error_code: null,
    executed_at: "2013-12-31T12:00:00Z",
    types: table.types as TileData["types"],
    row_count: table.rows.length,
    truncated: false,
    cache: "fresh",
    duration_ms: 12,
    warnings: [],
  };
}

const shown: readonly Shown[] = set === "charts" ? charts : cases(dataOf, dice, tableOf);
const only = params.get("only");
const [from = 0, to = 999] = (params.get("slice") ?? "0,999").split(",").map(Number);

function Card({ tile, data, loading = false, width, height }: Shown) {
  return (
    <section
      style={{
        width: width ?? (isSmall ? 250 : 454),
        height: height ?? (isSmall ? 210 : 340),
        padding: 14,
        display: "flex",
        flexDirection: "column",
        gap: 8,
        borderRadius: 10,
        border: "1px solid var(--t-line)",
        background: "var(--t-card)",
        boxShadow: "var(--t-shadow)",
        overflow: "hidden",
      }}
    >
      <strong style={{ fontSize: 14, fontWeight: 600 }}>{tile.title}</strong>
      <div style={{ flex: 1, minHeight: 0 }}>
        <TileBody
          tile={tile}
          data={data}
          loading={loading}
          ctx={{ theme: scheme, locale: "en", timeZone: "America/New_York" }}
          onRetry={() => undefined}
          onEditQuery={() => undefined}
          onChartType={() => undefined}
        />
      </div>
    </section>
  );
}

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} forceColorScheme={scheme}>
      <main style={{ display: "flex", flexWrap: "wrap", gap: 14, padding: 14 }}>
        {shown
          .filter(({ tile }, at) => at >= from && at < to && (!only || tile.title.includes(only)))
          .map((one) => (
            <Card key={one.tile.title} {...one} />
          ))}
      </main>
    </MantineProvider>
  </StrictMode>,
);
