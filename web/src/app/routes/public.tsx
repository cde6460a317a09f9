/** The page behind a public link: only what a reader needs is loaded with it. */

import { useComputedColorScheme } from "@mantine/core";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import type { BodyProps } from "@/features/public/body";
import { PublicPage } from "@/features/public/PublicPage";
import { TileBody } from "@/features/tiles";
import { useLocale } from "@/lib/locale";

export function PublicRoute() {
  const { token } = useParams({ from: "/dashboards/shared/$token" });
  const search = useSearch({ from: "/dashboards/shared/$token" });
  const navigate = useNavigate({ from: "/dashboards/shared/$token" });
  const toPage = (page: string | undefined) => void navigate({ search: (now) => ({ ...now, page }) });
  return <PublicPage key={token} token={token} search={search} onPage={toPage} Body={TileBodyOfPage} />;
}

export function TileBodyOfPage({ tile, data, timeZone, asTable, colorIndex }: BodyProps) {
  const theme = useComputedColorScheme("light");
  const locale = useLocale();
  const ctx = useMemo(() => ({ theme, locale, timeZone, colorIndex }), [theme, locale, timeZone, colorIndex]);
  return <TileBody tile={tile} data={data} loading={false} asTable={asTable} ctx={ctx} />;
}
