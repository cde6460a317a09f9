/** A dashboard in another site's frame: who may speak to it, and its structure with the rows of one page. */
import { queryOptions } from "@tanstack/react-query";
import { get, post } from "@/api/client";
import { keys } from "@/api/keys";
import type { PublicPage } from "@/api/queries/sharing";
import type { Dashboard, TileData } from "@/api/types";
import { VIEW_ID } from "@/lib/ids";

interface Answered {
  tiles: TileData[];
}

/** Asked before any token is there, so it goes without the client's own way. */
export async function allowedOrigins(): Promise<string[]> {
  const answer = await fetch("/api/embed", { credentials: "omit" });
  const { origins } = (await answer.json()) as { origins: string[] };
  return origins;
}

/** In the shape of a public page: the same view draws both. */
export function embeddedQuery(id: string, page: string | undefined) {
  return queryOptions({
    queryKey: keys.embedded(id, page),
    queryFn: async ({ signal }): Promise<PublicPage> => {
      const path = `/api/dashboards/${encodeURIComponent(id)}`;
      const dashboard = await get<Dashboard>(path, undefined, signal);
      const first = dashboard.pages.toSorted((a, b) => a.page_order - b.page_order)[0];
      const shown = dashboard.pages.find((one) => one.id === page) ?? first;
      const body = { page_id: shown?.id };
      const headers = { "X-Tesela-View": VIEW_ID };
      const { tiles } = await post<Answered>(`${path}/data`, body, { signal, headers });
      return pageOf(dashboard, tiles);
    },
  });
}

function pageOf(dashboard: Dashboard, tiles: TileData[]): PublicPage {
  const oldest = tiles
    .map((tile) => tile.executed_at)
    .filter((at) => typeof at === "string")
    .toSorted()[0];
  const at = oldest ?? new Date().toISOString();
  return {
    structure: {
      ...dashboard,
      owner_name: "",
      snapshot_id: "",
      user_id: null,
      workspace_id: null,
      workspace_name: null,
      share_token: null,
    },
    data: {
      id: "",
      dashboard_id: dashboard.id,
      created_at: at,
      expires_at: at,
      execution_time_ms: 0,
      stale: false,
      trigger_type: "manual",
      tile_data: Object.fromEntries(tiles.map((tile) => [tile.id, tile])),
    },
  };
}
