/** What one can do with a tile; shown on hover and focus, always on touch. */

import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArrowsMaximize,
  IconCopy,
  IconDotsVertical,
  IconLink,
  IconPencil,
  IconRefresh,
  IconTable,
  IconTrash,
} from "@tabler/icons-react";
import type { Tile } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { useDashboardText } from "./text";
import type { TileActions } from "./useTileActions";
import classes from "./view.module.css";

export function TileMenu({ tile, actions }: { tile: Tile; actions: TileActions }) {
  const common = useCommon();
  const t = useDashboardText();
  const isText = tile.tile_type === "text";
  const icon = { size: 16, stroke: 1.7 };
  const { edit, duplicate, remove } = actions;
  return (
    <Menu position="bottom-end" width={210} withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={28}
          className={classes.tileMenu}
          aria-label={t.tileMenu(tile.title)}
        >
          <IconDotsVertical size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconArrowsMaximize {...icon} />} onClick={() => actions.view(tile)}>
          {t.view}
        </Menu.Item>
        {!isText && (
          <>
            <Menu.Item leftSection={<IconTable {...icon} />} onClick={() => actions.viewTable(tile)}>
              {t.viewTable}
            </Menu.Item>
            <Menu.Item leftSection={<IconRefresh {...icon} />} onClick={() => actions.refresh(tile)}>
              {common.refresh}
            </Menu.Item>
          </>
        )}
        <Menu.Item leftSection={<IconLink {...icon} />} onClick={() => actions.copyLink(tile)}>
          {t.copyLink}
        </Menu.Item>
        {(edit || duplicate || remove) && <Menu.Divider />}
        {edit && (
          <Menu.Item leftSection={<IconPencil {...icon} />} onClick={() => edit(tile)}>
            {t.editTile}
          </Menu.Item>
        )}
        {duplicate && (
          <Menu.Item leftSection={<IconCopy {...icon} />} onClick={() => duplicate(tile)}>
            {t.duplicate}
          </Menu.Item>
        )}
        {remove && (
          <Menu.Item leftSection={<IconTrash {...icon} />} color="red" onClick={() => remove(tile)}>
            {common.delete}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
