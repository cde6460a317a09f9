/** A tile that has nothing to draw says why, and what can be done. */
import { Button } from "@mantine/core";
import { IconAlertTriangle, IconChartBarOff, IconFilterQuestion, IconMoodEmpty } from "@tabler/icons-react";
import classes from "./tiles.module.css";

export interface Action {
  readonly label: string;
  readonly onClick: (() => void) | undefined;
}

interface Props {
  kind: "empty" | "error" | "unfit" | "waiting";
  title: string;
  children?: React.ReactNode;
  detail?: string;
  actions?: readonly Action[];
}

const ICONS = {
  empty: IconMoodEmpty,
  error: IconAlertTriangle,
  unfit: IconChartBarOff,
  waiting: IconFilterQuestion,
} as const;

export function Message({ kind, title, children, detail, actions = [] }: Props) {
  const Icon = ICONS[kind];
  const possible = actions.filter((action) => action.onClick !== undefined);
  return (
    <div
      className={classes.message}
      data-kind={kind}
      data-ready="true"
      role={kind === "error" ? "alert" : "note"}
    >
      <Icon className={classes.messageIcon} size={22} stroke={1.6} aria-hidden="true" />
      <strong>{title}</strong>
      {children && <p>{children}</p>}
      {detail && <code>{detail}</code>}
      {possible.length > 0 && (
        <div className={classes.messageActions}>
          {possible.map((action) => (
            <Button key={action.label} size="compact-sm" variant="default" onClick={action.onClick}>
              {action.label}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}
