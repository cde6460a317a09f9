/** The filters of the page shown, as pills that stay in sight; on the phone one button that opens a sheet. */

import { IconAdjustmentsHorizontal, IconFilter, IconX } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import type { Tile } from "@/api/types";
import { appliesTo, type FilterDef, heldBy, isNothing, titled } from "@/interaction/filters";
import type { CrossFilter } from "@/interaction/state";
import type { Interaction } from "@/interaction/useInteraction";
import { said } from "@/interaction/words";
import { useMedia } from "@/lib/hooks";
import { FilterPill } from "./FilterPill";
import classes from "./filters.module.css";
import { useFiltersText } from "./text";

const FilterSheet = lazy(() => import("./FilterSheet"));

interface Props {
  dashboardId: string;
  view: Interaction;
  /** The tiles of the page shown. */
  tiles: readonly Tile[];
  /** All tiles: a click may have been made on another page. */
  allTiles: readonly Tile[];
}

const NARROW = "(max-width: 48em)";

/** The filters that narrow at least one of these tiles. */
export function filtersFor(defs: readonly FilterDef[], tiles: readonly Tile[]): FilterDef[] {
  const asking = tiles.filter((tile) => tile.tile_type !== "text");
  return defs.filter((def) => asking.some((tile) => appliesTo(def, tile.id)));
}

export function FilterBar({ dashboardId, view, tiles, allTiles }: Props) {
  const t = useFiltersText();
  const isNarrow = useMedia(NARROW);
  const defs = filtersFor(view.defs, tiles);
  const { cross, filters } = view.state;
  if (defs.length === 0 && cross.length === 0) return null;
  const isChanged = cross.length > 0 || Object.keys(filters).length > 0;
  return (
    <section className={classes.bar} aria-label={t.filters} data-testid="filter-bar">
      {isNarrow ? (
        defs.length > 0 && <SheetButton dashboardId={dashboardId} view={view} defs={defs} />
      ) : (
        <>
          <IconFilter size={16} stroke={1.7} className={classes.barIcon} aria-hidden="true" />
          {defs.map((def) => (
            <FilterPill key={def.name} dashboardId={dashboardId} view={view} def={def} />
          ))}
        </>
      )}
      {cross.map((click) => (
        <ClickChip
          key={click.tileId}
          click={click}
          title={allTiles.find((tile) => tile.id === click.tileId)?.title ?? ""}
          onRemove={() => view.unclick(click.tileId)}
        />
      ))}
      {isChanged && (
        <button type="button" className={classes.reset} onClick={view.reset} aria-label={t.resetAll}>
          {t.reset}
        </button>
      )}
    </section>
  );
}

interface SheetProps {
  dashboardId: string;
  view: Interaction;
  defs: readonly FilterDef[];
}

function SheetButton({ dashboardId, view, defs }: SheetProps) {
  const t = useFiltersText();
  const [isOpen, setOpen] = useState(false);
  const active = defs.filter((def) => !isNothing(heldBy(def, view.state.filters)));
  const isWaiting = defs.some((def) => def.required && isNothing(heldBy(def, view.state.filters)));
  return (
    <>
      <button
        type="button"
        className={classes.sheetButton}
        data-waiting={isWaiting || undefined}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(true)}
      >
        <IconAdjustmentsHorizontal size={18} stroke={1.7} aria-hidden="true" />
        {active.length > 0 ? t.filtersCount(active.length) : t.filters}
      </button>
      {isOpen && (
        <Suspense fallback={null}>
          <FilterSheet dashboardId={dashboardId} view={view} defs={defs} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

interface ChipProps {
  click: CrossFilter;
  title: string;
  onRemove: () => void;
}

/** What was clicked in another tile. */
function ClickChip({ click, title, onRemove }: ChipProps) {
  const t = useFiltersText();
  const what = click.values.map(said).join(", ");
  return (
    <span className={classes.chip} title={t.crossFrom(title)}>
      <span className={classes.pillLabel}>{titled(click.column)}</span>
      <span className={classes.chipText}>{what}</span>
      <button type="button" aria-label={t.removeClick(what)} onClick={onRemove}>
        <IconX size={14} aria-hidden="true" />
      </button>
    </span>
  );
}
