/** The frame around every page: navigation left, a bar and a drawer on the phone. */

import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconMenu2, IconSearch, IconWifiOff } from "@tabler/icons-react";
import { Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { lazy, type MouseEvent, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { useCommon } from "@/i18n/common";
import { useIsOnline } from "@/lib/hooks";
import { useKeys } from "@/lib/hotkeys";
import { recall, remember } from "@/lib/storage";
import { ErrorBoundary } from "@/ui/ErrorBoundary";
import { IconButton } from "@/ui/IconButton";
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
  const [isCollapsed, setCollapsed] = useState(() => recall(COLLAPSED) === "1");
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  const palette = useOpening();
  const help = useOpening();
  const toggleScheme = useToggleScheme();
  const navigate = useNavigate();

  // biome-ignore lint/correctness/useExhaustiveDependencies: going to another page closes the drawer
  useEffect(() => setDrawerOpen(false), [location.pathname]);
  usePaletteKey(palette.open);
  useKeys({
    "?": help.open,
    d: toggleScheme,
    "/": palette.open,
    g: () => navigate({ to: "/dashboards" }),
  });

  const toggleCollapsed = () => {
    remember(COLLAPSED, isCollapsed ? null : "1");
    setCollapsed(!isCollapsed);
  };
  const nav = { onSearch: palette.open, onHelp: help.open };

  return (
    <div className={classes.shell}>
      <a href="#content" className="t-skip">
        {t.skipToContent}
      </a>
      {!isFull && (
        <>
          <header className={classes.bar}>
            <IconButton label={t.openMenu} look="bare" tip="none" onClick={() => setDrawerOpen(true)}>
              <IconMenu2 size={22} />
            </IconButton>
            <Mark size={22} />
            <span className={classes.word}>{t.appName}</span>
            <IconButton label={t.search} look="bare" tip="none" onClick={palette.open}>
              <IconSearch size={20} />
            </IconButton>
          </header>
          <aside className={classes.nav} data-collapsed={isCollapsed || undefined}>
            <Nav {...nav} collapsed={isCollapsed} onToggle={toggleCollapsed} />
          </aside>
          <Drawer isOpen={isDrawerOpen} onClose={() => setDrawerOpen(false)} label={t.openMenu}>
            <Nav {...nav} collapsed={false} />
          </Drawer>
        </>
      )}
      <main id="content" className={classes.main} tabIndex={-1}>
        <OfflineBar />
        <ErrorBoundary fallback={() => <BrokenPage />} resetKey={location.pathname}>
          <Outlet />
        </ErrorBoundary>
      </main>
      <Suspense fallback={null}>
        {palette.wasOpened && <Palette opened={palette.isOpen} onClose={palette.close} onHelp={help.open} />}
        {help.wasOpened && <Shortcuts opened={help.isOpen} onClose={help.close} />}
      </Suspense>
    </div>
  );
}

interface DrawerProps {
  isOpen: boolean;
  onClose: () => void;
  label: string;
  children: ReactNode;
}

/** The browser's own dialog: it keeps the focus inside and closes by Escape. */
function Drawer({ isOpen, onClose, label, children }: DrawerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  const press = (event: MouseEvent) => {
    if (event.target === dialog.current) onClose();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click on the backdrop; by key it is Escape, the browser's own
    <dialog ref={dialog} className={classes.drawer} onClose={onClose} onClick={press} aria-label={label}>
      {isOpen && children}
    </dialog>
  );
}

/** Ctrl or Cmd with K, from anywhere, also while typing. */
function usePaletteKey(open: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (
        event.key.toLowerCase() !== "k" ||
        !(event.ctrlKey || event.metaKey) ||
        event.shiftKey ||
        event.altKey
      )
        return;
      event.preventDefault();
      open();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [open]);
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

function useToggleScheme() {
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
