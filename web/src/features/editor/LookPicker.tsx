/** Chooses what the tile is: a group of radio buttons drawn as icons, so that the arrow keys walk through it. */

import { Tooltip } from "@mantine/core";
import { memo, useId } from "react";
import { CHART_TYPES } from "@/charts/contract";
import { CHARTS } from "@/charts/registry";
import type { Look } from "./draft";
import classes from "./editor.module.css";
import { ICONS } from "./icons";
import { useEditorText } from "./messages";

const LOOKS: readonly Look[] = [...CHART_TYPES, "kpi", "table", "text"];

interface LookPickerProps {
  value: Look;
  onChange: (look: Look) => void;
}

export const LookPicker = memo(function LookPicker({ value, onChange }: LookPickerProps) {
  const text = useEditorText();
  const name = useId();
  const describe = (look: Look): { label: string; hint: string } => {
    if (look === "kpi") return { label: text.kpi, hint: text.kpiHint };
    if (look === "table") return { label: text.table, hint: text.tableHint };
    if (look === "text") return { label: text.text, hint: text.textHint };
    return CHARTS[look];
  };
  return (
    <fieldset className={classes.looks}>
      <legend className={classes.legend}>{text.type}</legend>
      {LOOKS.map((look) => {
        const { label, hint } = describe(look);
        const LookIcon = ICONS[look];
        return (
          <Tooltip key={look} label={hint} position="top" withinPortal>
            <label className={classes.look} data-checked={look === value || undefined}>
              <input
                type="radio"
                name={name}
                value={look}
                checked={look === value}
                onChange={() => onChange(look)}
                className={classes.lookInput}
              />
              <LookIcon size={22} stroke={1.6} aria-hidden="true" />
              <span>{label}</span>
            </label>
          </Tooltip>
        );
      })}
    </fieldset>
  );
});
