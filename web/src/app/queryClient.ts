import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/api/client";

/** Asks again only where that can help: not for what the server refused. */
function mayHelp(failures: number, error: Error): boolean {
  const refused = error instanceof ApiError && error.status < 500;
  return !refused && failures < 2;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: mayHelp, staleTime: 15_000, refetchOnWindowFocus: false },
    mutations: { retry: false },
  },
});
