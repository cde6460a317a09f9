/** Dashboards as files. */
import { queryOptions } from "@tanstack/react-query";
import { post, send } from "../client";
import { keys } from "../keys";
import type { Dashboard, Preflight } from "../types";

/** The file as the server sends it: its response, with the name in a header. */
export function exportBundle(id: string): Promise<Response> {
  return send(`/api/dashboards/${id}/export-config`);
}

export type Mapping = Record<string, string>;

/** `fileKey` stands for the bundle in the key: bundles may be large. */
export function preflightQuery(fileKey: string, bundle: unknown, mapping: Mapping) {
  return queryOptions({
    queryKey: keys.preflight({ fileKey, mapping }),
    queryFn: ({ signal }) =>
      post<Preflight>(
        "/api/dashboards/import/preflight",
        { bundle, datasource_mapping: mapping },
        { signal },
      ),
    gcTime: 60_000,
    staleTime: 60_000,
    retry: false,
  });
}

export interface ImportInput {
  bundle: unknown;
  datasource_mapping: Mapping;
  name?: string;
  workspace_id?: string;
  mode?: "create" | "update";
  dashboard_id?: string;
}

export function importBundle(body: ImportInput, ifMatch?: number): Promise<Dashboard> {
  return post<Dashboard>("/api/dashboards/import", body, { ifMatch });
}
