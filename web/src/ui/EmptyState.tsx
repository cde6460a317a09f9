/** Nothing here, and what to do about it. */
import { Button, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./ui.module.css";

interface Props {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: { label: string; onClick: () => void };
}

export function EmptyState({ icon, title, children, action }: Props) {
  return (
    <div className={classes.empty}>
      {icon && <div className={classes.emptyIcon}>{icon}</div>}
      <Title order={2} size="h4">
        {title}
      </Title>
      {children && (
        <Text c="dimmed" size="sm" maw={440}>
          {children}
        </Text>
      )}
      {action && (
        <Button mt="xs" onClick={action.onClick}>
          {action.label}
        </Button>
      )}
    </div>
  );
}
