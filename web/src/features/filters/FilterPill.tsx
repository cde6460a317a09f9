/** One filter: its value at a glance, its control in a popover that is loaded when somebody comes near. */

import { IconChevronDown, IconX } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { type FilterDef, heldBy, isNothing } from "@/interaction/filters";
import type { Interaction } from "@/interaction/useInteraction";
import classes from "./filters.module.css";
import { valueText } from "./presets";
import { useFiltersText } from "./text";
import { toldLabels, useOptions } from "./useOptions";

const load = () => import("./PillPopup");
const PillPopup = lazy(load);

interface Props {
  dashboardId: string;
  view: Interaction;
  def: FilterDef;
}

export function FilterPill({ dashboardId, view, def }: Props) {
  const t = useFiltersText();
  const [isOpen, setOpen] = useState(false);
  const [isNear, setNear] = useState(false);
  const value = heldBy(def, view.state.filters);
  const isSet = !isNothing(value);
  // The address has values only; what they are called is asked for when one is shown.
  const known = useOptions(dashboardId, def, view.state.filters, "", isSet && def.options === "asked");
  const shown = valueText(def, value, known.options.length > 0 ? toldLabels(dashboardId, def) : []);
  const isMissing = def.required && !isSet;
  const come = () => {
    load().catch(() => undefined);
  };
  const button = (
    <button
      type="button"
      className={classes.pillButton}
      data-filter={def.name}
      data-filter-type={def.type}
      aria-label={`${def.label}: ${isSet ? shown : isMissing ? t.required : t.any}`}
      aria-haspopup="dialog"
      aria-expanded={isOpen}
      onPointerEnter={come}
      onFocus={come}
      onClick={() => {
        setNear(true);
        setOpen(!isOpen);
      }}
    >
      <span className={classes.pillLabel}>
        {def.label}
        {def.required && <span aria-hidden="true"> *</span>}
      </span>
      {isSet ? (
        <span className={classes.pillValue}>{shown}</span>
      ) : (
        <span className={classes.pillNone}>{isMissing ? t.required : t.any}</span>
      )}
      <IconChevronDown size={14} aria-hidden="true" className={classes.pillChevron} />
    </button>
  );
  return (
    <span className={classes.pill} data-set={isSet || undefined} data-missing={isMissing || undefined}>
      {isNear ? (
        <Suspense fallback={button}>
          <PillPopup
            isOpen={isOpen}
            onOpen={setOpen}
            label={def.label}
            target={button}
            dashboardId={dashboardId}
            def={def}
            value={value}
            chosen={view.state.filters}
            onChange={(next, isTyped) => view.setFilter(def, next, isTyped)}
            onDone={() => setOpen(false)}
          />
        </Suspense>
      ) : (
        button
      )}
      {isSet && !def.required && (
        <button
          type="button"
          className={classes.pillClear}
          aria-label={t.clear(def.label)}
          onClick={() => view.setFilter(def, null)}
        >
          <IconX size={14} aria-hidden="true" />
        </button>
      )}
    </span>
  );
}
