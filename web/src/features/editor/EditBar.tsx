/** The bar over a dashboard that is edited: what can be undone and added, whether it is saved, and the way out. */

import { ActionIcon, Button, Menu, Text, Tooltip } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCheck,
  IconFilter,
  IconHistory,
  IconPlus,
  IconSettings,
} from "@tabler/icons-react";
import type { TileType } from "@/api/types";
import type { SaveState } from "../history";
import classes from "./editor.module.css";
import { ICONS } from "./icons";
import { useEditorText } from "./messages";
import { SaveBadge } from "./SaveBadge";

interface EditBarProps {
  name: string;
  /** What Undo and Redo would do, or null when there is nothing. */
  undoLabel: string | null;
  redoLabel: string | null;
  save: SaveState;
  isLeaving: boolean;
  onUndo: () => void;
  onRedo: () => void;
  onRetry: () => void;
  onAdd: (tileType: TileType) => void;
  onSettings: () => void;
  onFilters: () => void;
  onHistory: () => void;
  onDone: () => void;
}

export function EditBar(props: EditBarProps) {
  const text = useEditorText();
  const { name, undoLabel, redoLabel, save, isLeaving, onUndo, onRedo, onRetry, onAdd, onDone } = props;
  return (
    <header className={classes.bar}>
      <div className={classes.barTitle}>
        <Text size="xs" c="dimmed" lh={1.2}>
          {text.editing}
        </Text>
        <h1 title={name}>{name}</h1>
      </div>
      <SaveBadge state={save} onRetry={onRetry} />
      <div className={classes.barTools}>
        <Tool label={undoLabel ? text.undoWhat(undoLabel) : text.undo} isOff={!undoLabel} onClick={onUndo}>
          <IconArrowBackUp size={18} />
        </Tool>
        <Tool label={redoLabel ? text.redoWhat(redoLabel) : text.redo} isOff={!redoLabel} onClick={onRedo}>
          <IconArrowForwardUp size={18} />
        </Tool>
        <Tool label={text.filters} onClick={props.onFilters}>
          <IconFilter size={18} />
        </Tool>
        <Tool label={text.history} onClick={props.onHistory}>
          <IconHistory size={18} />
        </Tool>
        <Tool label={text.settings} onClick={props.onSettings}>
          <IconSettings size={18} />
        </Tool>
        <AddMenu onAdd={onAdd} />
        <Button size="sm" leftSection={<IconCheck size={16} />} onClick={onDone} loading={isLeaving}>
          {text.done}
        </Button>
      </div>
    </header>
  );
}

interface ToolProps {
  label: string;
  isOff?: boolean;
  onClick: () => void;
  children: React.ReactNode;
}

function Tool({ label, isOff = false, onClick, children }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        className={classes.tool}
        aria-label={label}
        data-disabled={isOff || undefined}
        aria-disabled={isOff || undefined}
        onClick={() => !isOff && onClick()}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

export function AddMenu({ onAdd }: { onAdd: (tileType: TileType) => void }) {
  const text = useEditorText();
  const kinds: { type: TileType; label: string; hint: string; icon: typeof ICONS.bar }[] = [
    { type: "chart", label: text.chart, hint: text.chartHint, icon: ICONS.bar },
    { type: "kpi", label: text.kpi, hint: text.kpiHint, icon: ICONS.kpi },
    { type: "table", label: text.table, hint: text.tableHint, icon: ICONS.table },
    { type: "text", label: text.text, hint: text.textHint, icon: ICONS.text },
  ];
  return (
    <Menu position="bottom-end" width={290} withinPortal>
      <Menu.Target>
        <Button size="sm" variant="default" leftSection={<IconPlus size={16} />}>
          {text.addTile}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {kinds.map(({ type, label, hint, icon: KindIcon }) => (
          <Menu.Item key={type} leftSection={<KindIcon size={20} stroke={1.6} />} onClick={() => onAdd(type)}>
            <Text size="sm">{label}</Text>
            <Text size="xs" c="dimmed">
              {hint}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
