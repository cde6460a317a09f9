/** What a dashboard was: revisions, checkpoints, and the ways back. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { ask, del, get, post } from "../client";
import { keys } from "../keys";
import type { Checkpoint, Comparison, Dashboard, Revision } from "../types";

const PAGE_SIZE = 50;

interface RevisionSlice {
  items: Revision[];
  total: number;
}

export function revisionsQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: keys.revisions(id),
    queryFn: async ({ pageParam, signal }): Promise<RevisionSlice> => {
      const { data, headers } = await ask<Revision[]>(`/api/dashboards/${id}/revisions`, {
        params: { limit: PAGE_SIZE, offset: pageParam },
        signal,
      });
      return { items: data, total: Number(headers.get("X-Total-Count") ?? pageParam + data.length) };
    },
    initialPageParam: 0,
    getNextPageParam: (last: RevisionSlice, all: RevisionSlice[]) => {
      const seen = all.reduce((count, slice) => count + slice.items.length, 0);
      return last.items.length > 0 && seen < last.total ? seen : undefined;
    },
  });
}

/** What differs between two revisions; neither ever changes. */
export function comparisonQuery(id: string, from: number, to: number) {
  return queryOptions({
    queryKey: keys.comparison(id, from, to),
    queryFn: ({ signal }) => get<Comparison>(`/api/dashboards/${id}/revisions/compare`, { from, to }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function restoreRevision(id: string, number: number): Promise<Dashboard> {
  return post<Dashboard>(`/api/dashboards/${id}/revisions/${number}/restore`);
}

export function checkpointsQuery(id: string) {
  return queryOptions({
    queryKey: keys.checkpoints(id),
    queryFn: ({ signal }) => get<Checkpoint[]>(`/api/dashboards/${id}/checkpoints`, { limit: 100 }, signal),
  });
}

export interface CheckpointInput {
  name: string;
  description?: string | null;
}

export function createCheckpoint(id: string, body: CheckpointInput): Promise<Checkpoint> {
  return post<Checkpoint>(`/api/dashboards/${id}/checkpoints`, body);
}

export async function restoreCheckpoint(id: string, checkpointId: string): Promise<void> {
  await post(`/api/dashboards/${id}/checkpoints/${checkpointId}/restore`);
}

export function deleteCheckpoint(id: string, checkpointId: string): Promise<void> {
  return del(`/api/dashboards/${id}/checkpoints/${checkpointId}`);
}
