/** Where one can go, and who one is. */

import {
  IconBuilding,
  IconDatabase,
  IconFolders,
  IconHistory,
  IconLayoutDashboard,
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconRuler2,
  IconSearch,
  IconShieldLock,
  IconSparkles,
  IconUser,
  IconUsersGroup,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { meQuery } from "@/api/queries/auth";
import { isOperator } from "@/api/queries/operator";
import { useCommon } from "@/i18n/common";
import { IconButton } from "@/ui/IconButton";
import { Mark } from "@/ui/Mark";
import { AccountButton } from "./AccountButton";
import classes from "./shell.module.css";

interface Props {
  collapsed: boolean;
  onSearch: () => void;
  onHelp: () => void;
  /** Absent in the drawer, which has no narrow form. */
  onToggle?: () => void;
}

type Place =
  | "/dashboards"
  | "/datasources"
  | "/workspaces"
  | "/teams"
  | "/people"
  | "/policies"
  | "/catalogue"
  | "/audit"
  | "/models"
  | "/tenants";

export function Nav({ collapsed, onSearch, onHelp, onToggle }: Props) {
  const t = useCommon();
  const { data: me } = useQuery(meQuery);
  const ToggleIcon = collapsed ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  return (
    <nav className={classes.navInner} data-collapsed={collapsed || undefined} aria-label={t.appName}>
      <div className={classes.brand}>
        <Link to="/dashboards" className={classes.brandLink} aria-label={t.appName}>
          <Mark size={26} />
          {!collapsed && <span className={classes.word}>{t.appName}</span>}
        </Link>
        {onToggle && (
          <IconButton
            className={classes.toggle}
            label={collapsed ? t.expandMenu : t.collapseMenu}
            look="bare"
            tip="right"
            onClick={onToggle}
          >
            <ToggleIcon size={18} stroke={1.6} />
          </IconButton>
        )}
      </div>
      <button type="button" className={classes.find} onClick={onSearch} aria-label={t.searchAnything}>
        <IconSearch size={16} stroke={1.8} />
        {!collapsed && <span className={classes.findText}>{t.search}</span>}
        {!collapsed && <kbd>{isMac() ? "⌘ K" : "Ctrl K"}</kbd>}
      </button>
      <div className={classes.places}>
        <Item to="/dashboards" label={t.dashboards} icon={IconLayoutDashboard} collapsed={collapsed} />
        <Item to="/datasources" label={t.datasources} icon={IconDatabase} collapsed={collapsed} />
        <Item to="/catalogue" label={t.metrics} icon={IconRuler2} collapsed={collapsed} />
        <Item to="/workspaces" label={t.workspaces} icon={IconFolders} collapsed={collapsed} />
        <Item to="/teams" label={t.teams} icon={IconUsersGroup} collapsed={collapsed} />
        {me?.role === "admin" && (
          <>
            <div className={classes.group}>{!collapsed && t.administration}</div>
            <Item to="/people" label={t.people} icon={IconUser} collapsed={collapsed} />
            <Item to="/policies" label={t.policies} icon={IconShieldLock} collapsed={collapsed} />
            <Item to="/audit" label={t.audit} icon={IconHistory} collapsed={collapsed} />
            <Item to="/models" label={t.models} icon={IconSparkles} collapsed={collapsed} />
            {isOperator(me) && (
              <Item to="/tenants" label={t.tenants} icon={IconBuilding} collapsed={collapsed} />
            )}
          </>
        )}
      </div>
      {me && <AccountButton me={me} collapsed={collapsed} onHelp={onHelp} />}
    </nav>
  );
}

interface ItemProps {
  to: Place;
  label: string;
  icon: ComponentType<{ size: number; stroke: number }>;
  collapsed: boolean;
}

function Item({ to, label, icon: Icon, collapsed }: ItemProps) {
  return (
    <Link
      to={to}
      className={classes.place}
      activeProps={{ "data-active": true }}
      aria-label={label}
      title={collapsed ? label : undefined}
    >
      <Icon size={19} stroke={1.7} />
      {!collapsed && <span>{label}</span>}
    </Link>
  );
}

function isMac(): boolean {
  return /mac|iphone|ipad/i.test(navigator.userAgent);
}
