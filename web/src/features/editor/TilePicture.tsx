/** A tile's inside as the reader will see it, drawn from a draft and a result. */

import { useMemo } from "react";
import type { ChartType, TileData } from "@/api/types";
import { ErrorBoundary } from "@/ui/ErrorBoundary";
import { ErrorNote } from "@/ui/ErrorNote";
import { TileBody } from "../tiles";
import type { TileDraft } from "./draft";
import { useTileContext } from "./useTileContext";

interface TilePictureProps {
  draft: TileDraft;
  data: TileData | null;
  timeZone: string;
  asTable?: boolean;
  onChartType?: (type: ChartType) => void;
}

export function TilePicture({ draft, data, timeZone, asTable, onChartType }: TilePictureProps) {
  const ctx = useTileContext(timeZone);
  // The result may have been made for another type of tile, and a newer query may have failed: its rows count.
  const shown = useMemo(
    () => (data ? { ...data, error: null, tile_type: draft.tile_type } : undefined),
    [data, draft.tile_type],
  );
  return (
    <ErrorBoundary resetKey={draft} fallback={(error, reset) => <ErrorNote error={error} onRetry={reset} />}>
      <TileBody
        tile={draft}
        data={shown}
        loading={false}
        ctx={ctx}
        asTable={asTable}
        onChartType={onChartType}
      />
    </ErrorBoundary>
  );
}
