/** A page that could not be loaded: the server is away, it says no, or our code broke. */

import { useRouter } from "@tanstack/react-router";
import { ApiError, OfflineError } from "@/api/client";
import { ErrorNote } from "@/ui/ErrorNote";
import { BrokenPage } from "./BrokenPage";
import { NotFound } from "./NotFound";

export function RouteError({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  if (!(error instanceof ApiError || error instanceof OfflineError)) return <BrokenPage />;
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <div style={{ maxWidth: 560, margin: "15vh auto", padding: "0 20px" }}>
      <ErrorNote error={error} onRetry={again} />
    </div>
  );
}
