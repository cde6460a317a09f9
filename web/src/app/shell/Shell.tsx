/** The frame around every page: navigation left, a bar and a drawer on the phone. */

import {
  ActionIcon,
  AppShell,
  Burger,
  Drawer,
  Group,
  useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconSearch, IconWifiOff } from "@tabler/icons-react";
import { Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useCommon } from "@/i18n/common";
import { useIsOnline } from "@/lib/hooks";
import { useKeys } from "@/lib/hotkeys";
import { recall, remember } from "@/lib/storage";
import { ErrorBoundary } from "@/ui/ErrorBoundary";
import { Mark } from "@/ui/Mark";
import { BrokenPage } from "./BrokenPage";
import { Nav } from "./Nav";
import classes from "./shell.module.css";

const Palette = lazy(() => import("./Palette"));
const Shortcuts = lazy(() => import("./Shortcuts"));

const COLLAPSED = "tesela.nav-collapsed";

export function Shell() {
  const t = useCommon();
  const location = useLocation();
  const isFull = "full" in location.search && location.search.full === 1;
  const [collapsed, setCollapsed] = useState(() => recall(COLLAPSED) === "1");
  const [drawerOpen, setDrawerOpen] = useState(false);
  const palette = useOpening();
  const help = useOpening();
  const toggleScheme = useToggleScheme();
  const navigate = useNavigate();

  // biome-ignore lint/correctness/useExhaustiveDependencies: going to another page closes the drawer
  useEffect(() => setDrawerOpen(false), [location.pathname]);
  useHotkeys([["mod+K", palette.open]], []);
  useKeys({
    "?": help.open,
    d: toggleScheme,
    "/": palette.open,
    g: () => navigate({ to: "/dashboards" }),
  });

  const toggleCollapsed = () => {
    remember(COLLAPSED, collapsed ? null : "1");
    setCollapsed(!collapsed);
  };
  const nav = { onSearch: palette.open, onHelp: help.open };

  return (
    <AppShell
      layout="alt"
      disabled={isFull}
      header={{ height: { base: 54, sm: 0 } }}
      navbar={{ width: collapsed ? 68 : 232, breakpoint: "sm", collapsed: { mobile: true } }}
      padding={0}
      transitionDuration={120}
    >
      <a href="#content" className="t-skip">
        {t.skipToContent}
      </a>
      <AppShell.Header hiddenFrom="sm" className={classes.bar}>
        <Group h="100%" px="sm" gap="xs">
          <Burger opened={drawerOpen} onClick={() => setDrawerOpen(true)} size="sm" aria-label={t.openMenu} />
          <Mark size={22} />
          <span className={classes.word}>{t.appName}</span>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={44}
            ml="auto"
            onClick={palette.open}
            aria-label={t.search}
          >
            <IconSearch size={20} />
          </ActionIcon>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.nav} visibleFrom="sm">
        <Nav {...nav} collapsed={collapsed} onToggle={toggleCollapsed} />
      </AppShell.Navbar>
      <Drawer
        opened={drawerOpen}
        onClose={() => setDrawerOpen(false)}
        size={272}
        withCloseButton={false}
        padding={0}
        classNames={{ body: classes.drawer, content: classes.nav }}
        hiddenFrom="sm"
        aria-label={t.openMenu}
      >
        <Nav {...nav} collapsed={false} />
      </Drawer>
      <AppShell.Main id="content" className={classes.main}>
        <OfflineBar />
        <ErrorBoundary fallback={() => <BrokenPage />} resetKey={location.pathname}>
          <Outlet />
        </ErrorBoundary>
      </AppShell.Main>
      <Suspense fallback={null}>
        {palette.wasOpened && <Palette opened={palette.isOpen} onClose={palette.close} onHelp={help.open} />}
        {help.wasOpened && <Shortcuts opened={help.isOpen} onClose={help.close} />}
      </Suspense>
    </AppShell>
  );
}

/** Open or not, and whether it ever was: what was never opened is never loaded. */
function useOpening() {
  const [isOpen, setOpen] = useState(false);
  const [wasOpened, setWasOpened] = useState(false);
  const open = () => {
    setWasOpened(true);
    setOpen(true);
  };
  return { isOpen, wasOpened, open, close: () => setOpen(false) };
}

export function useToggleScheme() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  return () => setColorScheme(scheme === "dark" ? "light" : "dark");
}

function OfflineBar() {
  const t = useCommon();
  const isOnline = useIsOnline();
  if (isOnline) return null;
  return (
    <div className={classes.offline} role="status">
      <IconWifiOff size={16} /> {t.offline}
    </div>
  );
}
