/** A titled part of a side panel that can be folded. */

import { IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./editor.module.css";

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className={classes.section} open>
      <summary className={classes.sectionTitle}>
        <IconChevronRight size={14} aria-hidden="true" className={classes.chevron} />
        {title}
      </summary>
      <div className={classes.sectionBody}>{children}</div>
    </details>
  );
}
