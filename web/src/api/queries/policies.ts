/** Row policies: which rows and columns of a table a person sees, and the dashboard as somebody else sees it. */
import { queryOptions } from "@tanstack/react-query";
import { del, get, post, put } from "../client";
import { keys } from "../keys";
import type { components } from "../schema.gen";
import type { Role, Row, TileData } from "../types";

type Schemas = components["schemas"];

export type Mask = "partial" | "hash" | "redact" | "null";
export type Policy = Omit<Schemas["PolicyOut"], "masks" | "roles"> & {
  masks: Record<string, Mask>;
  roles: Role[];
};
export type PolicyInput = Pick<
  Policy,
  | "datasource_id"
  | "name"
  | "catalog"
  | "schema"
  | "table"
  | "predicate"
  | "masks"
  | "roles"
  | "team_ids"
  | "is_enabled"
>;
export type PolicyPreview = Omit<Schemas["PreviewOut"], "rows"> & { rows: Row[] };

/** The counts are null for a tile that has no rows to count. */
export type SeenTile = TileData & { rows_before: number | null; rows_after: number | null };
export type SeenDashboard = Omit<Schemas["ViewAsOut"], "tiles"> & { tiles: SeenTile[] };

export function policiesQuery(datasourceId?: string) {
  return queryOptions({
    queryKey: keys.policyList(datasourceId),
    queryFn: ({ signal }) => get<Policy[]>("/api/policies", { datasource_id: datasourceId }, signal),
  });
}

export function createPolicy(body: PolicyInput): Promise<Policy> {
  return post<Policy>("/api/policies", body);
}

export function updatePolicy(policy: Policy, body: Partial<PolicyInput>): Promise<Policy> {
  return put<Policy>(`/api/policies/${policy.id}`, body, { ifMatch: policy.revision });
}

export function deletePolicy(id: string): Promise<void> {
  return del(`/api/policies/${id}`);
}

export function previewPolicy(
  body: PolicyInput & { user_id: string | null },
  signal?: AbortSignal,
): Promise<PolicyPreview> {
  return post<PolicyPreview>("/api/policies/preview", body, { signal });
}

export interface Looking {
  user_id: string;
  dashboard_id: string;
  page_id?: string;
  filter_values?: unknown;
  cross_filters?: unknown;
}

export function viewAs(body: Looking, signal?: AbortSignal): Promise<SeenDashboard> {
  return post<SeenDashboard>("/api/policies/view-as", body, { signal });
}
