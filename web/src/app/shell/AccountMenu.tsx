/** Who is logged in: theme, language, account, log out. */

import {
  Avatar,
  type MantineColorScheme,
  Menu,
  SegmentedControl,
  UnstyledButton,
  useMantineColorScheme,
} from "@mantine/core";
import { IconChevronUp, IconKeyboard, IconLogout, IconUserCog } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { logOut } from "@/api/queries/auth";
import { forgetTileData } from "@/api/tile-data";
import type { Me } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { type Locale, setLocale, useLocale } from "@/lib/locale";
import { toastError } from "@/ui/toast";
import classes from "./shell.module.css";

interface Props {
  me: Me;
  collapsed: boolean;
  onHelp: () => void;
}

export function AccountMenu({ me, collapsed, onHelp }: Props) {
  const t = useCommon();
  const leave = useLogOut();
  return (
    <Menu width={264} position={collapsed ? "right-end" : "top-start"} withinPortal>
      <Menu.Target>
        <UnstyledButton className={classes.who} aria-label={t.account}>
          <Avatar size={30} radius="xl" color="tesela" variant="light" name={me.name || me.email} />
          {!collapsed && (
            <span className={classes.whoText}>
              <span className={classes.whoName}>{me.name || me.email}</span>
              <span className={classes.whoMail}>{me.tenant_name}</span>
            </span>
          )}
          {!collapsed && <IconChevronUp size={15} />}
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

export function SchemeControl() {
  const t = useCommon();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={t.theme}
      value={colorScheme}
      onChange={(value) => setColorScheme(value as MantineColorScheme)}
      data={[
        { value: "light", label: t.light },
        { value: "dark", label: t.dark },
        { value: "auto", label: "Auto" },
      ]}
    />
  );
}

export function LanguageControl() {
  const t = useCommon();
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={t.language}
      value={useLocale()}
      onChange={(value) => setLocale(value as Locale)}
      data={[
        { value: "en", label: "English" },
        { value: "es", label: "Español" },
      ]}
    />
  );
}
