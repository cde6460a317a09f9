/** Who is logged in: theme, language, account, log out. */

import { Menu, UnstyledButton } from "@mantine/core";
import { IconKeyboard, IconLogout, IconUserCog } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { logOut } from "@/api/queries/auth";
import { forgetTileData } from "@/api/tile-data";
import type { Me } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { toastError } from "@/ui/toast";
import { LanguageControl, SchemeControl } from "./controls";
import classes from "./shell.module.css";

interface Props {
  me: Me;
  placement: "right-end" | "top-start";
  onHelp: () => void;
  /** The inside of the button. */
  children: ReactNode;
}

export default function AccountMenu({ me, placement, onHelp, children }: Props) {
  const t = useCommon();
  const leave = useLogOut();
  return (
    <Menu width={264} position={placement} defaultOpened withinPortal={!isInDialog()}>
      <Menu.Target>
        <UnstyledButton className={classes.who} aria-label={t.account}>
          {children}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.email}</Menu.Label>
        <Menu.Item leftSection={<IconUserCog size={16} />} component={Link} to="/account">
          {t.account}
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={onHelp}>
          {t.shortcuts}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t.theme}</Menu.Label>
        <SchemeControl />
        <Menu.Label>{t.language}</Menu.Label>
        <LanguageControl />
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={leave}>
          {t.logOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The drawer is the browser's topmost layer: what is drawn outside of it would lie behind. */
function isInDialog(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

function useLogOut() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    try {
      await logOut();
    } catch (error) {
      await toastError(error);
      return;
    }
    client.clear();
    forgetTileData();
    await navigate({ to: "/login" });
  };
}
