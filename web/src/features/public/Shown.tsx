/** The page itself: name, how old its numbers are, pages, and the mosaic. */

import { Badge, Tabs, Text, Title, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconMoon, IconSun } from "@tabler/icons-react";
import type { PublicPage } from "@/api/queries/sharing";
import { useNow, useTitle } from "@/lib/hooks";
import { readingOrder } from "@/lib/mosaic";
import { ago, exactly } from "@/lib/time";
import type { PublicSearch } from "@/lib/url";
import { IconButton } from "@/ui/IconButton";
import view from "../dashboards/view.module.css";
import type { Body } from "./body";
import { Mosaic } from "./Mosaic";
import classes from "./public.module.css";
import { usePublicText } from "./text";

interface Props {
  page: PublicPage;
  search: PublicSearch;
  onPage: (id: string | undefined) => void;
  Body: Body;
  /** The last attempt to look for newer numbers failed. */
  isUnreached: boolean;
}

export function Shown({ page, search, onPage, Body, isUnreached }: Props) {
  const t = usePublicText();
  const { structure, data } = page;
  useTitle(structure.name);
  const pages = structure.pages.toSorted((a, b) => a.page_order - b.page_order);
  const current = pages.find((one) => one.id === search.page) ?? pages[0];
  const tiles = readingOrder(structure.tiles.filter((tile) => tile.page_id === current?.id));
  const isEmbedded = search.embed === 1;
  return (
    <main className={classes.page} data-embed={isEmbedded || undefined}>
      {!isEmbedded && (
        <header className={view.head}>
          <div className={view.headTitle}>
            <Title order={1} size="h3">
              {structure.name}
            </Title>
            {structure.description && (
              <Text c="dimmed" size="sm">
                {structure.description}
              </Text>
            )}
          </div>
          <div className={view.headTools}>
            <AsOf page={page} isUnreached={isUnreached} />
            <SchemeButton />
          </div>
        </header>
      )}
      {pages.length > 1 && (
        <Tabs
          value={current?.id ?? null}
          onChange={(id) => id && onPage(id === pages[0]?.id ? undefined : id)}
          className={view.tabs}
        >
          <Tabs.List aria-label={t.pages} className={view.tabList}>
            {pages.map((one) => (
              <Tabs.Tab key={one.id} value={one.id}>
                {one.name}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
      )}
      {tiles.length === 0 ? (
        <Text c="dimmed" ta="center" py={60}>
          {t.noTiles}
        </Text>
      ) : (
        <Mosaic
          tiles={tiles}
          results={data.tile_data}
          layout={structure.layout}
          timeZone={structure.time_zone ?? "UTC"}
          Body={Body}
        />
      )}
      <footer className={classes.foot}>
        {structure.owner_name && <span>{t.sharedBy(structure.owner_name)}</span>}
        {isEmbedded && <AsOf page={page} isUnreached={isUnreached} />}
      </footer>
    </main>
  );
}

function AsOf({ page: { data }, isUnreached }: Pick<Props, "page" | "isUnreached">) {
  const t = usePublicText();
  const now = useNow(30_000);
  const when = exactly(data.created_at);
  const why = isUnreached ? t.kept : data.stale ? t.staleWhy(when) : undefined;
  return (
    <span className={classes.asOf} title={why}>
      {t.asOf(when)} · {ago(data.created_at, now)}
      {why && (
        <Badge size="sm" color="yellow" variant="light" aria-label={why}>
          {t.stale}
        </Badge>
      )}
    </span>
  );
}

function SchemeButton() {
  const t = usePublicText();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme("light") === "dark";
  const label = isDark ? t.light : t.dark;
  // At the very edge of the page a tip of ours would make it wider.
  return (
    <IconButton
      label={label}
      title={label}
      tip="none"
      onClick={() => setColorScheme(isDark ? "light" : "dark")}
    >
      {isDark ? <IconSun size={18} stroke={1.7} /> : <IconMoon size={18} stroke={1.7} />}
    </IconButton>
  );
}
