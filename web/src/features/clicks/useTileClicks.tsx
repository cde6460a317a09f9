/** Clicks on the tiles of a dashboard: each does its one thing, or offers a choice at the pointer. */

import { lazy, type ReactNode, Suspense, useCallback, useState } from "react";
import type { TileDataStore } from "@/api/tile-data";
import type { Dashboard, Tile } from "@/api/types";
import type { Table } from "@/charts/contract";
import type { Scalar } from "@/interaction/codec";
import { clickOf, pathOf } from "@/interaction/state";
import type { Interaction } from "@/interaction/useInteraction";
import type { Offer } from "./ClickMenu";
import { type Meaning, meaningsOf, type Point } from "./meaning";

const ClickMenu = lazy(() => import("./ClickMenu"));
const DetailModal = lazy(() => import("./DetailModal"));

export interface Clicked extends Point {
  /** In the window. */
  readonly x: number;
  readonly y: number;
}

export interface TileClicks {
  onPoint: (tile: Tile, clicked: Clicked) => void;
  /** The menu and the dialog, wherever they stand. */
  node: ReactNode;
}

interface Opened {
  tile: Tile;
  label: string;
  dimensions: Readonly<Record<string, Scalar>>;
}

export function useTileClicks(dashboard: Dashboard, view: Interaction, data: TileDataStore): TileClicks {
  const [offer, setOffer] = useState<(Offer & { tile: Tile }) | null>(null);
  const [opened, setOpened] = useState<Opened | null>(null);

  const act = useCallback(
    (tile: Tile, meaning: Meaning) => {
      if (meaning.kind === "drill") view.drill(tile.id, meaning.path);
      else if (meaning.kind === "cross") view.click(meaning.click);
      else setOpened({ tile, label: meaning.label, dimensions: meaning.dimensions });
    },
    [view],
  );
  const onPoint = useCallback(
    (tile: Tile, clicked: Clicked) => {
      const { data: shown, startedAt } = data.tile(tile.id);
      const path = pathOf(view.state, tile.id);
      // While a level is on its way, what is seen belongs to the level before.
      const isMoving = startedAt !== null && (path.length > 0 || view.state.drill[tile.id] !== undefined);
      if (!shown?.data || isMoving) return;
      const table: Table = { ...shown.data, types: shown.types };
      const meanings = meaningsOf(tile, table, clicked, path);
      const [only] = meanings;
      if (!only) return;
      if (meanings.length === 1) {
        act(tile, only);
        return;
      }
      const before = clickOf(view.state, tile.id);
      const cross = meanings.find((one) => one.kind === "cross");
      const isSet =
        before !== undefined &&
        cross?.kind === "cross" &&
        before.column === cross.click.column &&
        before.values[0]?.value === cross.click.values[0]?.value;
      setOffer({ tile, meanings, isSet, x: clicked.x, y: clicked.y });
    },
    [data, view, act],
  );

  const node = (
    <Suspense fallback={null}>
      {offer && (
        <ClickMenu
          key={`${offer.x},${offer.y}`}
          offer={offer}
          onChoose={(meaning) => act(offer.tile, meaning)}
          onClose={() => setOffer(null)}
        />
      )}
      {opened && (
        <DetailModal
          dashboardId={dashboard.id}
          tile={opened.tile}
          label={opened.label}
          dimensions={opened.dimensions}
          state={view.state}
          timeZone={dashboard.time_zone}
          onClose={() => setOpened(null)}
        />
      )}
    </Suspense>
  );
  return { onPoint, node };
}
