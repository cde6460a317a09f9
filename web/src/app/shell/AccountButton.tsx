/** Who is logged in. The menu behind it is loaded when it is opened. */

import { IconChevronUp } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import type { Me } from "@/api/types";
import { useCommon } from "@/i18n/common";
import classes from "./shell.module.css";

const load = () => import("./AccountMenu");
const AccountMenu = lazy(load);

interface Props {
  me: Me;
  collapsed: boolean;
  onHelp: () => void;
}

export function AccountButton({ me, collapsed, onHelp }: Props) {
  const t = useCommon();
  const [isWanted, setWanted] = useState(false);
  const name = me.name || me.email;
  const face = (
    <>
      <span className={classes.face}>{initials(name)}</span>
      {!collapsed && (
        <>
          <span className={classes.whoText}>
            <span className={classes.whoName}>{name}</span>
            <span className={classes.whoMail}>{me.tenant_name}</span>
          </span>
          <IconChevronUp size={15} />
        </>
      )}
    </>
  );
  const button = (
    <button
      type="button"
      className={classes.who}
      aria-label={t.account}
      aria-haspopup="menu"
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => setWanted(true)}
    >
      {face}
    </button>
  );
  if (!isWanted) return button;
  return (
    <Suspense fallback={button}>
      <AccountMenu me={me} placement={collapsed ? "right-end" : "top-start"} onHelp={onHelp}>
        {face}
      </AccountMenu>
    </Suspense>
  );
}

/** "Ana Ruiz" -> "AR" */
export function initials(name: string): string {
  const words = name.split(/[\s@._-]+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => word[0]?.toUpperCase())
    .join("");
}
