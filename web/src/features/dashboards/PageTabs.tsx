/** The pages of a dashboard. */

import { Tabs } from "@mantine/core";
import type { Page } from "@/api/types";
import { useDashboardText } from "./text";
import classes from "./view.module.css";

interface Props {
  pages: Page[];
  current: string | undefined;
  onPage: (id: string) => void;
}

export function PageTabs({ pages, current, onPage }: Props) {
  const t = useDashboardText();
  return (
    <Tabs value={current ?? null} onChange={(id) => id && onPage(id)} className={classes.tabs}>
      <Tabs.List aria-label={t.pages} className={classes.tabList}>
        {pages.map((page) => (
          <Tabs.Tab key={page.id} value={page.id}>
            {page.name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  );
}
