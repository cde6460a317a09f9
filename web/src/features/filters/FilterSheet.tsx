/** All filters in a sheet from the bottom, for the phone: chosen together, applied together. */

import { Button, Drawer, Group } from "@mantine/core";
import { useState } from "react";
import {
  type FilterDef,
  type FilterValue,
  type FilterValues,
  heldBy,
  isNothing,
  isSameValue,
  tidy,
} from "@/interaction/filters";
import type { Interaction } from "@/interaction/useInteraction";
import FilterControl from "./FilterControl";
import classes from "./filters.module.css";
import { valueText } from "./presets";
import { useFiltersText } from "./text";
import { toldLabels } from "./useOptions";

interface Props {
  dashboardId: string;
  view: Interaction;
  defs: readonly FilterDef[];
  onClose: () => void;
}

export default function FilterSheet({ dashboardId, view, defs, onClose }: Props) {
  const t = useFiltersText();
  const [draft, setDraft] = useState<FilterValues>(() =>
    Object.fromEntries(defs.map((def) => [def.name, heldBy(def, view.state.filters)])),
  );
  const active = defs.filter((def) => !isNothing(draft[def.name]));
  const set = (def: FilterDef, value: FilterValue) =>
    setDraft((old) => ({ ...old, [def.name]: tidy(def.type, value) }));
  const apply = () => {
    const changed = defs.filter(
      (def) => !isSameValue(draft[def.name] ?? null, heldBy(def, view.state.filters)),
    );
    if (changed.length > 0) view.setFilters(changed.map((def) => [def, draft[def.name] ?? null]));
    onClose();
  };
  return (
    <Drawer
      opened
      onClose={onClose}
      position="bottom"
      size="88%"
      title={t.filters}
      classNames={{ body: classes.sheet, content: classes.sheetContent }}
    >
      <div className={classes.sheetList}>
        {defs.map((def) => (
          <details key={def.name} className={classes.sheetItem} open={defs.length === 1}>
            <summary>
              <span>
                {def.label}
                {def.required && " *"}
              </span>
              <span className={classes.sheetValue}>
                {valueText(def, draft[def.name] ?? null, toldLabels(dashboardId, def)) ||
                  (def.required ? t.required : t.any)}
              </span>
            </summary>
            <FilterControl
              dashboardId={dashboardId}
              def={def}
              value={draft[def.name] ?? null}
              chosen={draft}
              onChange={(value) => set(def, value)}
              onDone={() => undefined}
            />
          </details>
        ))}
      </div>
      <Group className={classes.sheetFoot} wrap="nowrap">
        <Button
          variant="default"
          size="md"
          onClick={() => setDraft(Object.fromEntries(defs.map((def) => [def.name, def.default])))}
        >
          {t.reset}
        </Button>
        <Button size="md" flex={1} onClick={apply}>
          {active.length > 0 ? t.applyCount(active.length) : t.apply}
        </Button>
      </Group>
    </Drawer>
  );
}
