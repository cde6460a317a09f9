/** A dashboard: here the view, the tiles' insides and the editor meet. */

import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useCallback } from "react";
import { DashboardView, ViewSkeleton } from "@/features/dashboards/DashboardView";
import { changed } from "@/lib/url";
import { TileBodyOfView } from "./TileBodyOfView";

const EditMode = lazy(() => import("@/features/editor").then((module) => ({ default: module.EditMode })));

export function DashboardRoute() {
  const { id } = useParams({ from: "/app/dashboards/$id" });
  const search = useSearch({ from: "/app/dashboards/$id" });
  const navigate = useNavigate({ from: "/dashboards/$id" });
  const onSearch = useCallback(
    (change: object, push = false) => {
      // A click or a filter leaves the reader where they are; another page begins at its top.
      const resetScroll = "page" in change;
      void navigate({ search: (now) => changed(now, change), replace: !push, resetScroll });
    },
    [navigate],
  );
  const onLeave = (to: { id: string } | null) =>
    to ? navigate({ to: "/dashboards/$id", params: to, search: {} }) : navigate({ to: "/dashboards" });
  return (
    <Suspense fallback={<ViewSkeleton />}>
      <DashboardView
        key={id}
        id={id}
        search={search}
        onSearch={onSearch}
        onLeave={onLeave}
        Body={TileBodyOfView}
        Editor={EditMode}
      />
    </Suspense>
  );
}
