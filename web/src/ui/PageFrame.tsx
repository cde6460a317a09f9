/** The frame of an ordinary page: title, what one can do here, and the content. */

import { Group, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTitle } from "@/lib/hooks";
import classes from "./ui.module.css";

interface Props {
  title: ReactNode;
  /** The title of the browser's tab, when `title` is not text. */
  tabTitle?: string;
  subtitle?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  width?: "narrow" | "normal";
}

export function PageFrame({ title, tabTitle, subtitle, actions, children, width = "normal" }: Props) {
  useTitle(tabTitle ?? (typeof title === "string" ? title : undefined));
  return (
    <div className={classes.frame} data-width={width}>
      <Group justify="space-between" align="flex-start" gap="md" mb="lg" wrap="wrap">
        <div className={classes.frameTitle}>
          <Title order={1} size="h2">
            {title}
          </Title>
          {subtitle && (
            <Text c="dimmed" size="sm" mt={4}>
              {subtitle}
            </Text>
          )}
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </div>
  );
}
