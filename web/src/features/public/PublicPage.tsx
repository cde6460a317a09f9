/** A dashboard as a stranger sees it: structure and rows of one snapshot, and nothing that could ask for more. */

import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { ApiError } from "@/api/client";
import { publicPageQuery } from "@/api/queries/sharing";
import type { PublicSearch } from "@/lib/url";
import { ErrorNote } from "@/ui/ErrorNote";
import type { Body } from "./body";
import { Gone } from "./Doors";
import classes from "./public.module.css";
import { Shown } from "./Shown";
import { usePublicText } from "./text";

interface Props {
  token: string;
  search: PublicSearch;
  onPage: (id: string | undefined) => void;
  Body: Body;
}

const Gate = lazy(() => import("./Gate").then((module) => ({ default: module.Gate })));

const MIN_SECONDS = 60;
const USUAL_SECONDS = 300;

export function PublicPage({ token, search, onPage, Body }: Props) {
  useNoIndex();
  const { data, error, isFetching, refetch } = useQuery({
    ...publicPageQuery(token),
    refetchInterval: ({ state }) => {
      const every = state.data?.structure.refresh_interval_seconds ?? USUAL_SECONDS;
      return Math.max(MIN_SECONDS, every) * 1000;
    },
  });
  // What was switched off or locked meanwhile closes at once; for anything else the old page stays.
  if (error instanceof ApiError && error.status === 404) return <Gone />;
  if (error instanceof ApiError && error.status === 401) {
    return (
      <Suspense fallback={null}>
        <Gate token={token} />
      </Suspense>
    );
  }
  if (data)
    return <Shown page={data} search={search} onPage={onPage} Body={Body} isUnreached={error !== null} />;
  if (error && !isFetching) {
    return (
      <div className={classes.trouble}>
        <ErrorNote error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  return <Waiting isEmbedded={search.embed === 1} />;
}

function Waiting({ isEmbedded }: { isEmbedded: boolean }) {
  const t = usePublicText();
  return (
    <div className={classes.page} role="status" aria-label={t.loading} data-embed={isEmbedded || undefined}>
      {!isEmbedded && <Skeleton h={28} w={320} maw="70%" mb={24} />}
      <div className={classes.waiting}>
        {["a", "b", "c", "d", "e", "f"].map((key) => (
          <Skeleton key={key} h={220} radius="md" />
        ))}
      </div>
    </div>
  );
}

/** Asks search engines not to list the page. The server says so too; this is for readers that run the page. */
function useNoIndex(): void {
  useEffect(() => {
    const meta = document.createElement("meta");
    meta.name = "robots";
    meta.content = "noindex, nofollow";
    document.head.append(meta);
    return () => meta.remove();
  }, []);
}
