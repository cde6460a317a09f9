/** Changes who of the tenant may see a dashboard: on the screen at once, taken back when the server refuses. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { keys } from "@/api/keys";
import { dashboardChanged } from "@/api/queries/dashboards";
import { type AudienceInput, setAudience } from "@/api/queries/sharing";
import type { Audience, Shared } from "@/api/types";
import { toastError } from "@/ui/toast";

interface Change {
  visibility?: Audience["visibility"];
  /** The whole list from now on. */
  shared_with?: Shared[];
}

export function useAudience(dashboardId: string) {
  const client = useQueryClient();
  const key = keys.audience(dashboardId);
  return useMutation({
    // One after the other: each sends the whole list.
    scope: { id: `audience-${dashboardId}` },
    mutationFn: ({ visibility, shared_with }: Change) => {
      const body: AudienceInput = { visibility };
      if (shared_with) body.shared_with = shared_with.map(({ id, permission }) => ({ id, permission }));
      return setAudience(dashboardId, body);
    },
    onMutate: async (change) => {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueryData<Audience>(key);
      if (before) client.setQueryData<Audience>(key, { ...before, ...defined(change) });
    },
    onSuccess: async (after, { visibility }) => {
      client.setQueryData(key, after);
      if (visibility) await client.invalidateQueries({ queryKey: keys.link(dashboardId) });
      await dashboardChanged(client);
    },
    onError: async (error) => {
      toastError(error);
      await client.invalidateQueries({ queryKey: key });
    },
  });
}

function defined<T extends object>(change: T): T {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as T;
}
