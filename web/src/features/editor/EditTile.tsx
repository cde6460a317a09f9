/** One tile of the edit grid: the header that drags it, its menu, and its picture. */

import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowLeft,
  IconArrowRight,
  IconArrowUp,
  IconCopy,
  IconDots,
  IconFileExport,
  IconGripVertical,
  IconPencil,
  IconResize,
  IconTrash,
} from "@tabler/icons-react";
import { memo } from "react";
import { type TileDataStore, useTileState } from "@/api/tile-data";
import type { ChartType } from "@/api/types";
import { useHeldFor } from "@/lib/hooks";
import { ErrorBoundary } from "@/ui/ErrorBoundary";
import { ErrorNote } from "@/ui/ErrorNote";
import { HANDLE_CLASS, NO_DRAG_CLASS, type Step, stepped } from "../grid";
import { cellOf, type PageDoc, type TileDoc } from "../history";
import { TileBody } from "../tiles";
import classes from "./editor.module.css";
import { useEditorText } from "./messages";
import { useTileContext } from "./useTileContext";

export interface TileActions {
  edit: (id: string) => void;
  duplicate: (id: string) => void;
  remove: (id: string) => void;
  step: (id: string, step: Step) => void;
  toPage: (id: string, page: PageDoc) => void;
  /** Another chart type, which the tile itself proposed because it fits the data. */
  look: (id: string, chartType: ChartType) => void;
}

interface EditTileProps {
  tile: TileDoc;
  data: TileDataStore;
  /** The pages it can move to. */
  otherPages: readonly PageDoc[];
  timeZone: string;
  canArrange: boolean;
  actions: TileActions;
}

export const EditTile = memo(function EditTile({
  tile,
  data,
  otherPages,
  timeZone,
  canArrange,
  actions,
}: EditTileProps) {
  const text = useEditorText();
  const title = tile.title || text.untitled;
  const { subtitle } = tile.chart_config;
  return (
    <article className={classes.tile} data-kind={tile.tile_type} onDoubleClick={() => actions.edit(tile.id)}>
      <div
        className={`${classes.tileHead} ${canArrange ? HANDLE_CLASS : ""}`}
        title={canArrange ? text.dragTile : undefined}
      >
        {canArrange && <IconGripVertical size={15} className={classes.grip} aria-hidden="true" />}
        <div className={classes.tileTitle}>
          <h2>{title}</h2>
          {typeof subtitle === "string" && subtitle !== "" && <p>{subtitle}</p>}
        </div>
        <div className={`${classes.tileTools} ${NO_DRAG_CLASS}`}>
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            className={classes.tool}
            aria-label={`${text.edit}: ${title}`}
            onClick={() => actions.edit(tile.id)}
          >
            <IconPencil size={16} />
          </ActionIcon>
          <TileMenu
            tile={tile}
            title={title}
            otherPages={otherPages}
            canArrange={canArrange}
            actions={actions}
          />
        </div>
      </div>
      <div className={classes.tileBody}>
        <Inside tile={tile} data={data} timeZone={timeZone} actions={actions} />
      </div>
    </article>
  );
});

type MenuProps = Pick<EditTileProps, "tile" | "otherPages" | "canArrange" | "actions"> & { title: string };

function TileMenu({ tile, title, otherPages, canArrange, actions }: MenuProps) {
  const text = useEditorText();
  return (
    <Menu position="bottom-end" width={220} withinPortal keepMounted={false}>
      <Menu.Target>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          className={classes.tool}
          aria-label={text.tileMenu(title)}
        >
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => actions.edit(tile.id)}>
          {text.edit}
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={15} />} onClick={() => actions.duplicate(tile.id)}>
          {text.duplicate}
        </Menu.Item>
        {otherPages.length > 0 && (
          <Menu.Sub>
            <Menu.Sub.Target>
              <Menu.Sub.Item leftSection={<IconFileExport size={15} />}>{text.moveToPage}</Menu.Sub.Item>
            </Menu.Sub.Target>
            <Menu.Sub.Dropdown>
              {otherPages.map((page) => (
                <Menu.Item key={page.id} onClick={() => actions.toPage(tile.id, page)}>
                  {page.name}
                </Menu.Item>
              ))}
            </Menu.Sub.Dropdown>
          </Menu.Sub>
        )}
        {canArrange && <Arrange tile={tile} actions={actions} />}
        <Menu.Divider />
        <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => actions.remove(tile.id)}>
          {text.delete}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** What dragging does, one step at a time, for people who do not drag. */
function Arrange({ tile, actions }: Pick<EditTileProps, "tile" | "actions">) {
  const text = useEditorText();
  const moves: [Step, string, typeof IconArrowUp][] = [
    ["left", text.moveLeft, IconArrowLeft],
    ["right", text.moveRight, IconArrowRight],
    ["up", text.moveUp, IconArrowUp],
    ["down", text.moveDown, IconArrowDown],
    ["wider", text.wider, IconResize],
    ["narrower", text.narrower, IconResize],
    ["taller", text.taller, IconResize],
    ["shorter", text.shorter, IconResize],
  ];
  return (
    <Menu.Sub>
      <Menu.Sub.Target>
        <Menu.Sub.Item leftSection={<IconResize size={15} />}>{text.arrange}</Menu.Sub.Item>
      </Menu.Sub.Target>
      <Menu.Sub.Dropdown>
        {moves.map(([step, label, StepIcon]) => (
          <Menu.Item
            key={step}
            leftSection={<StepIcon size={15} />}
            closeMenuOnClick={false}
            disabled={stepped(cellOf(tile), step) === null}
            onClick={() => actions.step(tile.id, step)}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Sub.Dropdown>
    </Menu.Sub>
  );
}

function Inside({
  tile,
  data,
  timeZone,
  actions,
}: Pick<EditTileProps, "tile" | "data" | "timeZone" | "actions">) {
  const state = useTileState(data, tile.id);
  const isText = tile.tile_type === "text";
  const isLate = useHeldFor(state.data === null && state.startedAt !== null, 300);
  const ctx = useTileContext(timeZone);
  const retry = () => void data.runTile(tile.id);
  if (state.failure && !state.data && !isText)
    return <ErrorNote error={new Error(state.failure)} onRetry={retry} />;
  if (!isText && !state.data && !isLate) return null;
  return (
    <ErrorBoundary resetKey={tile} fallback={(error, reset) => <ErrorNote error={error} onRetry={reset} />}>
      <TileBody
        tile={tile}
        data={state.data ?? undefined}
        loading={state.data === null && !isText}
        ctx={ctx}
        onRetry={retry}
        onChartType={(chartType) => actions.look(tile.id, chartType)}
        onEditQuery={() => actions.edit(tile.id)}
      />
    </ErrorBoundary>
  );
}
