/** How many filters narrow a tile, which, and which could not. */

import { IconFilter, IconFilterOff } from "@tabler/icons-react";
import type { Tile } from "@/api/types";
import { activeOn, heldBy, titled } from "@/interaction/filters";
import type { Interaction } from "@/interaction/useInteraction";
import { said } from "@/interaction/words";
import { Hint } from "@/ui/Hint";
import classes from "./filters.module.css";
import { valueText } from "./presets";
import { useFiltersText } from "./text";
import { toldLabels } from "./useOptions";

interface Props {
  tile: Tile;
  view: Interaction;
  /** Names of filters, or columns of clicks, that the server could not apply. */
  ignored: readonly string[];
}

export function FilterCount({ tile, view, ignored }: Props) {
  const t = useFiltersText();
  const { filters, cross } = view.state;
  const own = activeOn(view.defs, filters, tile.id);
  const clicks =
    tile.chart_config.cross_filter_enabled === true ? cross.filter((one) => one.tileId !== tile.id) : [];
  const lines = [
    ...own.map((def) => ({
      name: def.name,
      text: `${def.label}: ${valueText(def, heldBy(def, filters), toldLabels(tile.dashboard_id, def))}`,
    })),
    ...clicks.map(({ column, values }) => ({
      name: column,
      text: `${titled(column)}: ${values.map(said).join(", ")}`,
    })),
  ];
  const applied = lines.filter((line) => !ignored.includes(line.name));
  const left = lines.filter((line) => ignored.includes(line.name));
  if (lines.length === 0) return null;
  const spoken = [
    applied.length > 0 && `${t.applyHere(applied.length)}: ${applied.map((line) => line.text).join("; ")}`,
    left.length > 0 && `${t.notHere}: ${left.map((line) => line.text).join("; ")}`,
  ]
    .filter(Boolean)
    .join(". ");
  return (
    <Hint
      lines={[...applied.map((line) => line.text), ...left.map((line) => `${t.notHere}: ${line.text}`)]}
      label={spoken}
      className={classes.count}
      data-tone={left.length > 0 ? "warn" : undefined}
    >
      {left.length > 0 ? (
        <IconFilterOff size={13} stroke={1.9} aria-hidden="true" />
      ) : (
        <IconFilter size={13} stroke={1.9} aria-hidden="true" />
      )}
      <span aria-hidden="true">{left.length > 0 ? `${applied.length}/${lines.length}` : applied.length}</span>
    </Hint>
  );
}
