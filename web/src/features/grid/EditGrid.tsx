/**
 * The grid while it is edited: drag by the header, resize at the edges, or both by keyboard. The library
 * moves pixels; where tiles land is decided by `rules.ts`, from the layout at the start of the gesture.
 */

import { VisuallyHidden } from "@mantine/core";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from "react";
import GridLayout, { type Layout, type LayoutItem, useContainerWidth } from "react-grid-layout";
import "react-grid-layout/css/styles.css";
import classes from "./EditGrid.module.css";
import { dropped, type Lift, pressed, type Response } from "./keyboard";
import { useGridText } from "./messages";
import { type Cell, COLUMNS, type Item, isSameCell, withCell } from "./rules";

/** Put this class on the part of a tile that drags it. */
export const HANDLE_CLASS = "tile-drag-handle";
/** Put this class on buttons inside that part. */
export const NO_DRAG_CLASS = "tile-no-drag";

export interface EditGridProps {
  items: readonly Item[];
  titleOf: (id: string) => string;
  rowHeight: number;
  gap: number;
  /** Off: tiles stay where they are (narrow windows). */
  isEnabled?: boolean;
  renderTile: (id: string) => ReactNode;
  /** Called once at the end of a gesture. */
  onPlace: (id: string, cell: Cell) => void;
}

export function EditGrid({
  items,
  titleOf,
  rowHeight,
  gap,
  isEnabled = true,
  renderTile,
  onPlace,
}: EditGridProps) {
  const text = useGridText();
  const hintId = useId();
  const { width, containerRef, mounted } = useContainerWidth();
  const [lift, setLift] = useState<Lift | null>(null);
  const [speech, setSpeech] = useState("");
  const held = useRef<{ id: string; items: readonly Item[] } | null>(null);

  const shown = useMemo(() => (lift ? withCell(items, lift.id, lift.cell) : items), [items, lift]);
  const layout = useMemo(() => shown.map(toLibrary), [shown]);
  const compactor = useMemo(
    () => ({
      type: null,
      // The library pushes nothing: `compact` below resolves overlaps from where the gesture began.
      allowOverlap: true,
      compact: (moved: Layout): Layout => {
        const gesture = held.current;
        const tile = gesture && moved.find((item) => item.i === gesture.id);
        if (!gesture || !tile) return moved;
        const resolved = new Map(withCell(gesture.items, gesture.id, tile).map((item) => [item.id, item]));
        return moved.map((item) => ({ ...item, ...cellOnly(resolved.get(item.i) ?? item) }));
      },
    }),
    [],
  );
  const gridConfig = useMemo(
    () => ({ cols: COLUMNS, rowHeight, margin: [gap, gap] as const, containerPadding: [0, 0] as const }),
    [rowHeight, gap],
  );
  const dragConfig = useMemo(
    () => ({ enabled: isEnabled, handle: `.${HANDLE_CLASS}`, cancel: `.${NO_DRAG_CLASS}`, threshold: 4 }),
    [isEnabled],
  );
  const resizeConfig = useMemo(
    () => ({ enabled: isEnabled, handles: ["se", "e", "s"] as const }),
    [isEnabled],
  );

  // A tile that disappears while lifted (undo, another page) must not stay in the hand.
  useEffect(() => {
    if (lift && !items.some((item) => item.id === lift.id)) setLift(null);
  }, [items, lift]);

  const begin = (_layout: Layout, item: LayoutItem | null) => {
    if (item) held.current = { id: item.i, items: items.map((one) => ({ ...one })) };
  };
  const end = (_layout: Layout, _old: LayoutItem | null, item: LayoutItem | null) => {
    const before = held.current?.items.find((one) => one.id === item?.i);
    held.current = null;
    if (item && before && !isSameCell(before, item)) onPlace(item.i, cellOnly(item));
  };

  const respond = (response: Response) => {
    const { lift: next } = response;
    const place = text.place(next.cell);
    const title = titleOf(next.id);
    const ends = response.kind === "dropped" || response.kind === "cancelled";
    setLift(ends ? null : next);
    setSpeech(
      {
        lifted: text.lifted(title, place),
        moved: text.moved(place),
        edge: text.edge,
        dropped: text.dropped(title, place),
        cancelled: text.cancelled(title),
      }[response.kind],
    );
    if (response.kind === "dropped" && response.hasMoved) onPlace(next.id, next.cell);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>, item: Item) => {
    if (!isEnabled || event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey)
      return;
    const response = pressed(lift, item, event);
    if (!response) return;
    event.preventDefault();
    event.stopPropagation();
    respond(response);
  };

  return (
    <div ref={containerRef} className={classes.root} data-enabled={isEnabled || undefined}>
      <VisuallyHidden id={hintId}>{text.instructions}</VisuallyHidden>
      <VisuallyHidden role="status" aria-live="assertive">
        {speech}
      </VisuallyHidden>
      {mounted && (
        <GridLayout
          width={width}
          layout={layout}
          compactor={compactor}
          gridConfig={gridConfig}
          dragConfig={dragConfig}
          resizeConfig={resizeConfig}
          onDragStart={begin}
          onResizeStart={begin}
          onDragStop={end}
          onResizeStop={end}
        >
          {items.map((item) => (
            // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a tile
            <div
              key={item.id}
              role="group"
              // biome-ignore lint/a11y/noNoninteractiveTabindex: the tile takes Enter and the arrows
              tabIndex={0}
              className={classes.tile}
              data-tile={item.id}
              data-lifted={lift?.id === item.id || undefined}
              aria-label={`${titleOf(item.id)}, ${text.place(item)}`}
              aria-describedby={isEnabled ? hintId : undefined}
              onKeyDown={(event) => onKeyDown(event, item)}
              onBlur={(event) => {
                if (lift?.id === item.id && event.target === event.currentTarget) respond(dropped(lift));
              }}
            >
              {renderTile(item.id)}
            </div>
          ))}
        </GridLayout>
      )}
    </div>
  );
}

function toLibrary({ id, x, y, w, h }: Item): LayoutItem {
  return { i: id, x, y, w, h };
}

function cellOnly({ x, y, w, h }: Cell): Cell {
  return { x, y, w, h };
}
