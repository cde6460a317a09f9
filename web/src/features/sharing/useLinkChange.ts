/** Changes the public link, and tells everything that shows it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { keys } from "@/api/keys";
import { dashboardChanged } from "@/api/queries/dashboards";
import { type LinkTerms, share, unshare } from "@/api/queries/sharing";
import { toast, toastError } from "@/ui/toast";

interface Change {
  /** null: off. */
  terms: LinkTerms | null;
  /** The word on the screen afterwards. */
  said?: string;
}

export function useLinkChange(dashboardId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ terms }: Change) => (terms ? share(dashboardId, terms) : unshare(dashboardId)),
    onSuccess: async (link, { said }) => {
      client.setQueryData(keys.link(dashboardId), link);
      if (said) toast({ message: said });
      await dashboardChanged(client);
    },
    onError: toastError,
  });
}
