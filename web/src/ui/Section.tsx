/** A titled card on an ordinary page. */
import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./ui.module.css";

interface Props {
  title?: ReactNode;
  subtitle?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function Section({ title, subtitle, actions, children }: Props) {
  return (
    <section className={classes.section}>
      {(title || actions) && (
        <div className={classes.sectionHead}>
          <div>
            <Title order={2} size="h5">
              {title}
            </Title>
            {subtitle && (
              <Text size="sm" c="dimmed" mt={2}>
                {subtitle}
              </Text>
            )}
          </div>
          {actions}
        </div>
      )}
      {children}
    </section>
  );
}
