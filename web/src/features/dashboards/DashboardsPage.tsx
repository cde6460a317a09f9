/** The list of dashboards: found by a few letters, made, archived, deleted. */

import { Button, Group, Select, Skeleton, Switch, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconFileImport, IconPlus, IconSearch, IconZoomExclamation } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { meQuery } from "@/api/queries/auth";
import { dashboardListQuery } from "@/api/queries/dashboards";
import { workspacesQuery } from "@/api/queries/people";
import type { DashboardSummary } from "@/api/types";
import { useCommon } from "@/i18n/common";
import type { DashboardListSearch } from "@/lib/url";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageFrame } from "@/ui/PageFrame";
import { DashboardForm } from "./DashboardForm";
import { DashboardRow } from "./DashboardRow";
import classes from "./dashboards.module.css";
import { ImportWizard } from "./extras";
import { Starts } from "./Starts";
import { useDashboardText } from "./text";

interface Props {
  search: DashboardListSearch;
  onSearch: (change: DashboardListSearch) => void;
  onCreated: (id: string) => void;
}

export function DashboardsPage({ search, onSearch, onCreated }: Props) {
  const common = useCommon();
  const t = useDashboardText();
  const { data: me } = useQuery(meQuery);
  const list = useInfiniteQuery({
    ...dashboardListQuery({
      search: search.q,
      workspace_id: search.workspace,
      include_archived: search.archived === 1 || undefined,
    }),
    placeholderData: keepPreviousData,
  });
  const items = byUpdated(list.data?.pages.flatMap((page) => page.items) ?? []);
  const total = list.data?.pages[0]?.total ?? 0;
  const isFiltered = Boolean(search.q || search.workspace);
  const mayCreate = me?.role !== "viewer";
  const openForm = () => onSearch({ ...search, new: 1 });
  const openImport = () => onSearch({ ...search, import: 1 });

  return (
    <PageFrame
      title={common.dashboards}
      subtitle={list.data && total > 0 ? common.dashboardCount(total) : undefined}
      actions={
        mayCreate && (
          <>
            <Button variant="default" leftSection={<IconFileImport size={17} />} onClick={openImport}>
              {t.import}
            </Button>
            <Button leftSection={<IconPlus size={17} />} onClick={openForm}>
              {common.newDashboard}
            </Button>
          </>
        )
      }
    >
      {(items.length > 0 || isFiltered || search.archived === 1 || list.isPending) && (
        <Finder search={search} onSearch={onSearch} />
      )}
      {list.isError && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {list.isPending && <RowSkeletons />}
      {items.length > 0 && (
        <ul className={classes.list} data-old={list.isPlaceholderData || undefined}>
          {items.map((dashboard) => (
            <DashboardRow key={dashboard.id} dashboard={dashboard} onCreated={onCreated} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            {common.loadMore}
          </Button>
        </Group>
      )}
      {list.isSuccess && items.length === 0 && isFiltered && (
        <EmptyState
          icon={<IconZoomExclamation size={30} />}
          title={t.noMatch}
          action={{ label: t.clearSearch, onClick: () => onSearch({}) }}
        >
          {t.noMatchWhy}
        </EmptyState>
      )}
      {list.isSuccess && items.length === 0 && !isFiltered && (
        <Starts mayCreate={mayCreate} onBlank={openForm} onImport={openImport} />
      )}
      <DashboardForm
        opened={search.new === 1}
        onClose={() => onSearch({ ...search, new: undefined })}
        onSaved={(dashboard) => onCreated(dashboard.id)}
        workspaceId={search.workspace}
      />
      <Suspense fallback={null}>
        {search.import === 1 && (
          <ImportWizard
            onClose={() => onSearch({ ...search, import: undefined })}
            onDone={(dashboard) => onCreated(dashboard.id)}
            workspaceId={search.workspace}
          />
        )}
      </Suspense>
    </PageFrame>
  );
}

function byUpdated(items: DashboardSummary[]): DashboardSummary[] {
  return items.toSorted((a, b) => b.updated_at.localeCompare(a.updated_at));
}

function Finder({ search, onSearch }: { search: DashboardListSearch; onSearch: Props["onSearch"] }) {
  const t = useDashboardText();
  const { data: workspaces = [] } = useQuery(workspacesQuery);
  const [text, setText] = useState(search.q ?? "");
  const ask = useDebouncedCallback((q: string) => onSearch({ ...search, q: q.trim() || undefined }), 200);
  const type = (value: string) => {
    setText(value);
    ask(value);
  };
  return (
    <Group mb="md" gap="sm">
      <TextInput
        className={classes.finder}
        aria-label={t.search}
        placeholder={t.search}
        type="search"
        leftSection={<IconSearch size={16} />}
        value={text}
        onChange={(event) => type(event.currentTarget.value)}
      />
      {workspaces.length > 0 && (
        <Select
          aria-label={t.workspace}
          placeholder={t.allWorkspaces}
          clearable
          data={workspaces.map((workspace) => ({ value: workspace.id, label: workspace.name }))}
          value={search.workspace ?? null}
          onChange={(workspace) => onSearch({ ...search, workspace: workspace ?? undefined })}
          w={200}
        />
      )}
      <Switch
        label={t.showArchived}
        checked={search.archived === 1}
        onChange={(event) => onSearch({ ...search, archived: event.currentTarget.checked ? 1 : undefined })}
      />
    </Group>
  );
}

function RowSkeletons() {
  return (
    <div className={classes.list}>
      {["100%", "96%", "98%", "94%"].map((width) => (
        <div className={classes.row} key={width}>
          <Skeleton h={40} w={40} radius="md" />
          <Skeleton h={14} w={width} maw={320} />
        </div>
      ))}
    </div>
  );
}
