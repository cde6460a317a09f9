/** A dashboard in the frame of another site. */

import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { EmbedPage } from "@/features/embed/EmbedPage";
import { changed } from "@/lib/url";
import { TileBodyOfView } from "./TileBodyOfView";

export function EmbedRoute() {
  const { id } = useParams({ from: "/embed/dashboards/$id" });
  const search = useSearch({ from: "/embed/dashboards/$id" });
  const navigate = useNavigate({ from: "/embed/dashboards/$id" });
  // Nothing is pushed: the browser's Back belongs to the page around the frame.
  const onSearch = useCallback(
    (change: object) =>
      void navigate({
        search: (now) => changed(now, change),
        replace: true,
        resetScroll: "page" in change,
      }),
    [navigate],
  );
  return <EmbedPage key={id} id={id} search={search} onSearch={onSearch} Body={TileBodyOfView} />;
}
