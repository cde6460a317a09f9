/** The command palette: dashboards, datasources and actions, by a few letters. */

import { Kbd, Loader, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { createSpotlight, Spotlight } from "@mantine/spotlight";
import {
  IconBuilding,
  IconDatabase,
  IconDatabasePlus,
  IconFolders,
  IconHistory,
  IconKeyboard,
  IconMoon,
  IconPlus,
  IconSearch,
  IconSparkles,
  IconUpload,
  IconUser,
  IconUserCog,
  IconUsersGroup,
} from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { meQuery } from "@/api/queries/auth";
import { listDashboards } from "@/api/queries/dashboards";
import { datasourcesQuery } from "@/api/queries/datasources";
import { isOperator } from "@/api/queries/operator";
import { useCommon } from "@/i18n/common";
import { Mosaic } from "@/ui/Mark";

interface Props {
  opened: boolean;
  onClose: () => void;
  onHelp: () => void;
}

interface Command {
  id: string;
  label: string;
  description?: string | null;
  icon: ReactNode;
  keyName?: string;
  run: () => void;
}

const [store, spotlight] = createSpotlight();

export default function Palette({ opened, onClose, onHelp }: Props) {
  const t = useCommon();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 120);
  const dashboards = useDashboardCommands(asked, opened);
  const datasources = useDatasourceCommands(text);
  const actions = useActionCommands(text, onHelp);

  useEffect(() => {
    if (opened) spotlight.open();
    else spotlight.close();
  }, [opened]);

  const shownIds = dashboards.commands.map((command) => command.id).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: when other dashboards have come, Enter means the first line
  useEffect(selectFirst, [shownIds, opened]);

  const groups: [string, Command[]][] = [
    [t.dashboards, dashboards.commands],
    [t.datasources, datasources],
    [t.actions, actions],
  ];
  const isEmpty = groups.every(([, commands]) => commands.length === 0);

  return (
    <Spotlight.Root
      store={store}
      query={text}
      onQueryChange={setText}
      onSpotlightClose={onClose}
      shortcut={null}
      scrollable
      maxHeight={440}
      radius="lg"
    >
      <Spotlight.Search
        placeholder={t.searchAnything}
        aria-label={t.searchAnything}
        leftSection={dashboards.isLoading ? <Loader size={16} /> : <IconSearch size={18} stroke={1.6} />}
      />
      <Spotlight.ActionsList>
        {groups.map(([title, commands]) =>
          commands.length === 0 ? null : (
            <Spotlight.ActionsGroup key={title} label={title}>
              {commands.map((command) => (
                <Spotlight.Action
                  key={command.id}
                  label={command.label}
                  description={command.description ?? undefined}
                  leftSection={command.icon}
                  rightSection={command.keyName ? <Kbd size="xs">{command.keyName}</Kbd> : undefined}
                  onClick={command.run}
                />
              ))}
            </Spotlight.ActionsGroup>
          ),
        )}
        {isEmpty && <Spotlight.Empty>{t.nothingFound}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

/** Lets Enter mean the first line, where no line is chosen: Spotlight does so by itself only at a key stroke. */
function selectFirst(): void {
  const { listId } = store.getState();
  const list = listId ? document.getElementById(listId) : null;
  if (!list || list.querySelector("[data-selected]")) return;
  list.querySelector("[data-action]")?.setAttribute("data-selected", "true");
  store.updateState((state) => ({ ...state, selected: 0 }));
}

function useDashboardCommands(search: string, enabled: boolean) {
  const navigate = useNavigate();
  const { data, isFetching } = useQuery({
    queryKey: ["dashboards", "palette", search],
    queryFn: ({ signal }) => listDashboards({ search: search || undefined }, 0, 8, signal),
    placeholderData: keepPreviousData,
    enabled,
  });
  const commands = (data?.items ?? []).map(
    (dashboard): Command => ({
      id: dashboard.id,
      label: dashboard.name,
      description: dashboard.description,
      icon: <Mosaic seed={dashboard.id} size={24} />,
      run: () => navigate({ to: "/dashboards/$id", params: { id: dashboard.id } }),
    }),
  );
  return { commands, isLoading: isFetching };
}

function useDatasourceCommands(text: string): Command[] {
  const navigate = useNavigate();
  const { data = [] } = useQuery(datasourcesQuery);
  return data
    .filter((datasource) => matches(datasource.name, text))
    .slice(0, 6)
    .map((datasource) => ({
      id: datasource.id,
      label: datasource.name,
      icon: <IconDatabase size={20} stroke={1.5} />,
      run: () => navigate({ to: "/datasources/$id", params: { id: datasource.id } }),
    }));
}

function useActionCommands(text: string, onHelp: () => void): Command[] {
  const t = useCommon();
  const navigate = useNavigate();
  const { data: me } = useQuery(meQuery);
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const icon = { size: 20, stroke: 1.5 };
  const all: Command[] = [
    {
      id: "new-dashboard",
      label: t.newDashboard,
      icon: <IconPlus {...icon} />,
      run: () => navigate({ to: "/dashboards", search: { new: 1 } }),
    },
    {
      id: "upload",
      label: t.uploadFile,
      icon: <IconUpload {...icon} />,
      run: () => navigate({ to: "/datasources", search: { add: "upload" } }),
    },
    {
      id: "connect",
      label: t.addDatasource,
      icon: <IconDatabasePlus {...icon} />,
      run: () => navigate({ to: "/datasources", search: { add: "connect" } }),
    },
    {
      id: "workspaces",
      label: t.workspaces,
      icon: <IconFolders {...icon} />,
      run: () => navigate({ to: "/workspaces" }),
    },
    {
      id: "teams",
      label: t.teams,
      icon: <IconUsersGroup {...icon} />,
      run: () => navigate({ to: "/teams" }),
    },
    {
      id: "account",
      label: t.account,
      icon: <IconUserCog {...icon} />,
      run: () => navigate({ to: "/account" }),
    },
    {
      id: "theme",
      label: t.switchTheme,
      icon: <IconMoon {...icon} />,
      keyName: "d",
      run: () => setColorScheme(scheme === "dark" ? "light" : "dark"),
    },
    { id: "help", label: t.shortcuts, icon: <IconKeyboard {...icon} />, keyName: "?", run: onHelp },
  ];
  if (me?.role === "admin") {
    all.push(
      {
        id: "people",
        label: t.people,
        icon: <IconUser {...icon} />,
        run: () => navigate({ to: "/people" }),
      },
      {
        id: "audit",
        label: t.audit,
        icon: <IconHistory {...icon} />,
        run: () => navigate({ to: "/audit" }),
      },
      {
        id: "models",
        label: t.models,
        icon: <IconSparkles {...icon} />,
        run: () => navigate({ to: "/models" }),
      },
    );
  }
  if (isOperator(me)) {
    all.push({
      id: "tenants",
      label: t.tenants,
      icon: <IconBuilding {...icon} />,
      run: () => navigate({ to: "/tenants" }),
    });
  }
  return all.filter((command) => matches(command.label, text));
}

/** Whether every word of what was typed begins a word of the name; case and accents do not count. */
export function matches(name: string, typed: string): boolean {
  const words = plain(name).split(/[\s\-_/.]+/);
  return plain(typed)
    .split(/\s+/)
    .every((part) => words.some((word) => word.startsWith(part)));
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
