/** A dashboard in the frame of another site. */

import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { EmbedPage } from "@/features/embed/EmbedPage";
import { TileBodyOfPage } from "./public";

export function EmbedRoute() {
  const { id } = useParams({ from: "/embed/dashboards/$id" });
  const search = useSearch({ from: "/embed/dashboards/$id" });
  const navigate = useNavigate({ from: "/embed/dashboards/$id" });
  const toPage = (page: string | undefined) => void navigate({ search: (now) => ({ ...now, page }) });
  return <EmbedPage key={id} id={id} search={search} onPage={toPage} Body={TileBodyOfPage} />;
}
