/** What one can do with a tile while reading. */

import { useQueryClient } from "@tanstack/react-query";
import { withParams } from "@/api/client";
import { addTile, dashboardChanged, deleteTile, type TileInput } from "@/api/queries/dashboards";
import type { Dashboard, Tile } from "@/api/types";
import { isStateKey } from "@/interaction/address";
import type { ViewState } from "@/interaction/state";
import { newId } from "@/lib/ids";
import type { DashboardSearch } from "@/lib/url";
import { toast, toastError, toastUndo } from "@/ui/toast";
import { downloadTile, type Format } from "../export";
import { useDashboardText } from "./text";
import type { TileRuns } from "./useTileRuns";

export interface TileActions {
  /** Tiles have no menu: they are seen through another's eyes. */
  isQuiet: boolean;
  view: (tile: Tile) => void;
  viewTable: (tile: Tile) => void;
  refresh: (tile: Tile) => void;
  download: (tile: Tile, format: Format) => void;
  /** Absent where the reader has no address of ours. */
  copyLink?: (tile: Tile) => void;
  copyPageLink: () => void;
  /** Absent for who may not edit, or has no room to. */
  edit?: (tile: Tile) => void;
  duplicate?: (tile: Tile) => void;
  remove?: (tile: Tile) => void;
}

interface Ways {
  onSearch: (change: Partial<DashboardSearch>, push?: boolean) => void;
  onEdit?: (tileId?: string) => void;
  state: ViewState;
  isQuiet: boolean;
  isFramed?: boolean;
}

export function useTileActions(
  dashboard: Dashboard,
  runs: TileRuns,
  { onSearch, onEdit, state, isQuiet, isFramed }: Ways,
): TileActions {
  const t = useDashboardText();
  const client = useQueryClient();
  const { id } = dashboard;

  const write = async (act: () => Promise<unknown>, done: () => void) => {
    try {
      await act();
      await dashboardChanged(client);
      done();
    } catch (error) {
      toastError(error);
    }
  };
  const restore = (tile: Tile) =>
    void write(
      () => addTile(id, fieldsOf(tile)),
      () => undefined,
    );
  const remove = (tile: Tile) =>
    void write(
      () => deleteTile(id, tile.id),
      () => toastUndo(t.tileDeleted(tile.title), () => restore(tile)),
    );
  const duplicate = (tile: Tile) => {
    const copyId = newId();
    const { grid_x, grid_y, ...fields } = fieldsOf(tile);
    void write(
      () => addTile(id, { ...fields, id: copyId, title: tile.title }),
      () =>
        toastUndo(
          t.tileDuplicated(tile.title),
          () =>
            void write(
              () => deleteTile(id, copyId),
              () => undefined,
            ),
        ),
    );
  };
  const copy = async (params: Record<string, string | undefined>) => {
    const url = new URL(withParams(`/dashboards/${id}`, params), window.location.origin).href;
    try {
      await navigator.clipboard.writeText(url);
      toast({ message: t.linkCopied, kind: "good" });
    } catch {
      // Without the right to the clipboard (plain HTTP), the person copies it by hand.
      window.prompt(t.copyLink, url);
    }
  };
  const pageOf = (tile: Tile) => (tile.page_id === firstPage(dashboard) ? undefined : tile.page_id);
  const mayEdit = dashboard.can_edit && !dashboard.is_archived;

  return {
    isQuiet,
    view: (tile) => onSearch({ tile: tile.id, as: undefined }, true),
    viewTable: (tile) => onSearch({ tile: tile.id, as: "table" }, true),
    refresh: (tile) => void runs.data.runTile(tile.id),
    download: (tile, format) => void downloadTile(id, tile, format, state),
    ...(!isFramed && {
      copyLink: (tile: Tile) => void copy({ page: pageOf(tile), tile: tile.id, ...stateParams() }),
    }),
    copyPageLink: () => void copy(Object.fromEntries(new URLSearchParams(window.location.search))),
    ...(onEdit && { edit: (tile: Tile) => onEdit(tile.id) }),
    ...(mayEdit && { duplicate, remove }),
  };
}

/** Filters, clicks and paths of the present address: who follows the link sees the same. */
function stateParams(): Record<string, string> {
  return Object.fromEntries(
    [...new URLSearchParams(window.location.search)].filter(([key]) => isStateKey(key)),
  );
}

function firstPage(dashboard: Dashboard): string | undefined {
  return dashboard.pages.toSorted((a, b) => a.page_order - b.page_order)[0]?.id;
}

function fieldsOf(tile: Tile): TileInput {
  const {
    dashboard_id: _dashboard,
    warnings: _warnings,
    created_at: _made,
    updated_at: _changed,
    ...fields
  } = tile;
  return fields;
}
