/** A dashboard: here the view, the tiles' insides and the editor meet. */

import { useComputedColorScheme } from "@mantine/core";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useMemo } from "react";
import type { BodyProps } from "@/features/dashboards/body";
import { DashboardView, ViewSkeleton } from "@/features/dashboards/DashboardView";
import { TileBody } from "@/features/tiles";
import { useLocale } from "@/lib/locale";

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
        Body={Body}
        Editor={EditMode}
      />
    </Suspense>
  );
}

/** The search with the change in it; what changes goes to the end, so that clicks keep their order. */
function changed<T extends object>(now: T, change: Partial<T>): T {
  const kept = Object.entries(now).filter(([key]) => !(key in change));
  return { ...Object.fromEntries(kept), ...change } as T;
}

function Body({ tile, data, loading, timeZone, colorIndex, ...rest }: BodyProps) {
  const theme = useComputedColorScheme("light");
  const locale = useLocale();
  const zone = timeZone ?? "UTC";
  const ctx = useMemo(
    () => ({ theme, locale, timeZone: zone, colorIndex }),
    [theme, locale, zone, colorIndex],
  );
  return <TileBody tile={tile} data={data ?? undefined} loading={loading} ctx={ctx} {...rest} />;
}
