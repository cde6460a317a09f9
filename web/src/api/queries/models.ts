/** The tenant's model: its settings and what it has cost. */
import { queryOptions } from "@tanstack/react-query";
import { del, get, post, put } from "../client";
import { keys } from "../keys";
import type { ModelSettings, ModelTest, ModelUsage } from "../types";

export const modelSettingsQuery = queryOptions({
  queryKey: keys.modelSettings,
  queryFn: ({ signal }) => get<ModelSettings>("/api/ai/settings", undefined, signal),
});

export interface ModelInput {
  is_enabled?: boolean;
  provider?: ModelSettings["provider"];
  model?: string;
  base_url?: string | null;
  /** Not sent: the key stays as it is; null forgets it. */
  api_key?: string | null;
  metadata_only?: boolean;
  requests_per_day?: number;
  tokens_per_day?: number;
  timeout_seconds?: number;
}

export function saveModelSettings(body: ModelInput): Promise<ModelSettings> {
  return put<ModelSettings>("/api/ai/settings", body);
}

/** Off, and the key forgotten. */
export function removeModelSettings(): Promise<void> {
  return del("/api/ai/settings");
}

export function testModel(): Promise<ModelTest> {
  return post<ModelTest>("/api/ai/test");
}

export function modelUsageQuery(days: number) {
  return queryOptions({
    queryKey: keys.modelUsage(days),
    queryFn: ({ signal }) => get<ModelUsage>("/api/ai/usage", { days }, signal),
  });
}
