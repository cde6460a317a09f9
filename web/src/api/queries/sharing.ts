/** The public link of a dashboard, its snapshots, and the page that a stranger sees. */
import { queryOptions } from "@tanstack/react-query";
import { ask, del, get, post } from "../client";
import { keys } from "../keys";
import type { Audience, Link, PublicDashboard, PublicData, Shared, Snapshot } from "../types";

export function linkQuery(id: string) {
  return queryOptions({
    queryKey: keys.link(id),
    queryFn: ({ signal }) => get<Link>(`/api/dashboards/${id}/share`, undefined, signal),
  });
}

/** Who of the tenant may see a dashboard. For its owner and admins. */
export function audienceQuery(id: string) {
  return queryOptions({
    queryKey: keys.audience(id),
    queryFn: ({ signal }) => get<Audience>(audiencePath(id), undefined, signal),
  });
}

export interface AudienceInput {
  visibility?: Audience["visibility"];
  /** The whole list, from now on. */
  shared_with?: Pick<Shared, "id" | "permission">[];
}

export function setAudience(id: string, body: AudienceInput): Promise<Audience> {
  return post<Audience>(audiencePath(id), body);
}

function audiencePath(id: string): string {
  return `/api/v1/bi/dashboards/dash-${id}/share`;
}

/** What is not sent stays as it is; `null` takes it away. */
export interface LinkTerms {
  expires_at?: string | null;
  expires_in_days?: number;
  password?: string | null;
  rotate?: boolean;
}

/** Switches the link on, or changes one that is on. */
export function share(id: string, terms: LinkTerms = {}): Promise<Link> {
  return post<Link>(`/api/dashboards/${id}/share`, { is_public: true, ...terms });
}

export function unshare(id: string): Promise<Link> {
  return post<Link>(`/api/dashboards/${id}/share`, { is_public: false });
}

export function snapshotsQuery(id: string) {
  return queryOptions({
    queryKey: keys.snapshots(id),
    queryFn: ({ signal }) => get<Snapshot[]>(`/api/dashboards/${id}/snapshots`, { limit: 100 }, signal),
  });
}

export async function takeSnapshot(id: string): Promise<void> {
  await post(`/api/dashboards/${id}/snapshot`);
}

export function deleteSnapshot(id: string, snapshotId: string): Promise<void> {
  return del(`/api/dashboards/${id}/snapshots/${snapshotId}`);
}

export interface PublicPage {
  structure: PublicDashboard;
  data: PublicData;
}

/** Structure and rows that belong together: when a newer snapshot comes between the two requests, both are asked for again. */
export async function loadPublicPage(token: string, signal?: AbortSignal): Promise<PublicPage> {
  const path = `/api/dashboards/shared/${encodeURIComponent(token)}`;
  // Here a 401 asks for the page's password; it says nothing of the reader's own session.
  const from = async <T>(address: string) => (await ask<T>(address, { signal, keepSession: true })).data;
  for (let attempt = 1; ; attempt += 1) {
    const structure = await from<PublicDashboard>(path);
    const data = await from<PublicData>(`${path}/data`);
    if (structure.snapshot_id === data.id || attempt === ATTEMPTS) return { structure, data };
  }
}

const ATTEMPTS = 3;

export function publicPageQuery(token: string) {
  return queryOptions({
    queryKey: keys.publicPage(token),
    queryFn: ({ signal }) => loadPublicPage(token, signal),
  });
}

export function unlockPublicPage(token: string, password: string): Promise<void> {
  const path = `/api/dashboards/shared/${encodeURIComponent(token)}/unlock`;
  return post<void>(path, { password }, { keepSession: true });
}
