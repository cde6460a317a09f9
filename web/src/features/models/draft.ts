/** The form's own words for the settings, and what of them is sent: only what differs. */
import type { ModelInput } from "@/api/queries/models";
import type { ModelSettings } from "@/api/types";

export interface Draft {
  isEnabled: boolean;
  provider: ModelSettings["provider"];
  model: string;
  address: string;
  /** Empty: the one that is kept stays. */
  key: string;
  forgetsKey: boolean;
  metadataOnly: boolean;
  requests: number | "";
  tokens: number | "";
  timeout: number | "";
}

export function draftOf(settings: ModelSettings): Draft {
  return {
    isEnabled: settings.is_enabled,
    provider: settings.provider,
    model: settings.model,
    address: settings.base_url ?? "",
    key: "",
    forgetsKey: false,
    metadataOnly: settings.metadata_only,
    requests: settings.requests_per_day,
    tokens: settings.tokens_per_day,
    timeout: settings.timeout_seconds,
  };
}

export function bodyOf(draft: Draft, settings: ModelSettings): ModelInput {
  const all: ModelInput = {
    is_enabled: draft.isEnabled,
    provider: draft.provider,
    model: draft.model.trim(),
    base_url: draft.address.trim() || null,
    metadata_only: draft.metadataOnly,
    requests_per_day: draft.requests === "" ? undefined : draft.requests,
    tokens_per_day: draft.tokens === "" ? undefined : draft.tokens,
    timeout_seconds: draft.timeout === "" ? undefined : draft.timeout,
  };
  const before: Partial<Record<string, unknown>> = settings;
  const changed: ModelInput = Object.fromEntries(
    Object.entries(all).filter(([name, value]) => value !== undefined && value !== before[name]),
  );
  if (draft.forgetsKey) changed.api_key = null;
  else if (draft.key) changed.api_key = draft.key;
  return changed;
}

export function isSame(draft: Draft, settings: ModelSettings): boolean {
  return Object.keys(bodyOf(draft, settings)).length === 0;
}

/** Whether saving forgets the key: it was meant for another server. */
export function isKeyLost(draft: Draft, settings: ModelSettings): boolean {
  const { provider, base_url } = bodyOf(draft, settings);
  return settings.has_key && !draft.key && (provider !== undefined || base_url !== undefined);
}
