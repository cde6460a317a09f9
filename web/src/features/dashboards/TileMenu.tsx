/** What one can do with a tile; shown on hover and focus, always on touch. */

import {
  IconArrowsMaximize,
  IconChartDots3,
  IconCopy,
  IconDotsVertical,
  IconFileSpreadsheet,
  IconFileTypeCsv,
  IconInfoCircle,
  IconLink,
  IconPencil,
  IconRefresh,
  IconTable,
  IconTrash,
} from "@tabler/icons-react";
import type { Tile } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { ActionMenu } from "@/ui/ActionMenu";
import { useExportText } from "../export";
import { useDashboardText } from "./text";
import type { TileActions } from "./useTileActions";
import classes from "./view.module.css";

const ICON = { size: 16, stroke: 1.7 };

interface Props {
  tile: Tile;
  actions: TileActions;
  /** Draws a forecast over the chart, or takes it away. */
  onForecast?: () => void;
  /** Says what the tile shows. */
  onExplain?: () => void;
}

export function TileMenu({ tile, actions, onForecast, onExplain }: Props) {
  const common = useCommon();
  const t = useDashboardText();
  const e = useExportText();
  const hasQuery = tile.tile_type !== "text";
  const canBeTable = tile.tile_type === "chart" || tile.tile_type === "kpi";
  const { copyLink, edit, duplicate, remove } = actions;
  return (
    <ActionMenu
      label={t.tileMenu(tile.title)}
      className={classes.tileMenu}
      groups={[
        [
          { label: t.view, icon: <IconArrowsMaximize {...ICON} />, onClick: () => actions.view(tile) },
          canBeTable && {
            label: t.viewTable,
            icon: <IconTable {...ICON} />,
            onClick: () => actions.viewTable(tile),
          },
          onForecast && {
            label: t.forecast,
            icon: <IconChartDots3 {...ICON} />,
            onClick: onForecast,
          },
          onExplain && {
            label: t.explain,
            icon: <IconInfoCircle {...ICON} />,
            onClick: onExplain,
          },
          hasQuery && {
            label: common.refresh,
            icon: <IconRefresh {...ICON} />,
            onClick: () => actions.refresh(tile),
          },
          copyLink && { label: t.copyLink, icon: <IconLink {...ICON} />, onClick: () => copyLink(tile) },
        ],
        [
          hasQuery && {
            label: e.csv,
            icon: <IconFileTypeCsv {...ICON} />,
            onClick: () => actions.download(tile, "csv"),
          },
          hasQuery && {
            label: e.xlsx,
            icon: <IconFileSpreadsheet {...ICON} />,
            onClick: () => actions.download(tile, "xlsx"),
          },
        ],
        [
          edit && { label: t.editTile, icon: <IconPencil {...ICON} />, onClick: () => edit(tile) },
          duplicate && { label: t.duplicate, icon: <IconCopy {...ICON} />, onClick: () => duplicate(tile) },
          remove && {
            label: common.delete,
            icon: <IconTrash {...ICON} />,
            onClick: () => remove(tile),
            isDanger: true,
          },
        ],
      ]}
    >
      <IconDotsVertical size={16} />
    </ActionMenu>
  );
}
