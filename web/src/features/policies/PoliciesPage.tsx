/** The row policies of the datasources that one owns: which rows and columns people see. */

import { Button, Modal, Select, Skeleton } from "@mantine/core";
import { IconShieldLock, IconShieldPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { datasourcesQuery } from "@/api/queries/datasources";
import { teamNamesQuery } from "@/api/queries/directory";
import { type Policy, policiesQuery } from "@/api/queries/policies";
import type { Datasource } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageFrame } from "@/ui/PageFrame";
import { Section } from "@/ui/Section";
import { PolicyForm } from "./PolicyForm";
import { PolicyRow } from "./PolicyRow";
import { usePolicyText } from "./text";

interface Props {
  /** Only the policies of this datasource. */
  datasourceId?: string;
  onDatasource: (id?: string) => void;
}

export function PoliciesPage({ datasourceId, onDatasource }: Props) {
  const common = useCommon();
  const t = usePolicyText();
  const list = useQuery(policiesQuery());
  const sources = useQuery(datasourcesQuery);
  const { data: teams = [] } = useQuery(teamNamesQuery);
  const [editing, setEditing] = useState<Policy | "new" | null>(null);
  const owned = (sources.data ?? []).filter((source) => source.can_own);
  const shown = grouped(list.data ?? [], owned, datasourceId);
  const isReady = list.isSuccess && sources.isSuccess;
  const close = () => setEditing(null);
  return (
    <PageFrame
      title={common.policies}
      subtitle={t.subtitle}
      actions={
        owned.length > 0 && (
          <Button leftSection={<IconShieldPlus size={16} />} onClick={() => setEditing("new")}>
            {t.add}
          </Button>
        )
      }
    >
      {list.isError && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {sources.isError && <ErrorNote error={sources.error} onRetry={() => sources.refetch()} />}
      {!isReady && !list.isError && <Skeleton h={200} radius="lg" />}
      {isReady && owned.length > 1 && (list.data.length > 0 || datasourceId) && (
        <Select
          aria-label={t.datasource}
          placeholder={t.allSources}
          data={owned.map((source) => ({ value: source.id, label: source.name }))}
          value={datasourceId ?? null}
          onChange={(id) => onDatasource(id ?? undefined)}
          clearable
          searchable
          maw={320}
          mb="md"
        />
      )}
      {isReady && shown.length === 0 && (
        <EmptyState
          icon={<IconShieldLock size={30} />}
          title={datasourceId && list.data.length > 0 ? t.noMatch : t.none}
          action={owned.length > 0 ? { label: t.add, onClick: () => setEditing("new") } : undefined}
        >
          {owned.length > 0 ? t.noneWhy : t.nothingToGuard}
        </EmptyState>
      )}
      {shown.map(({ source, policies }) => (
        <Section key={source.id} title={source.name}>
          {policies.map((policy) => (
            <PolicyRow key={policy.id} policy={policy} teams={teams} onEdit={() => setEditing(policy)} />
          ))}
        </Section>
      ))}
      <Modal
        opened={editing !== null}
        onClose={close}
        title={editing === "new" ? t.add : t.edit}
        size="min(1080px, 96vw)"
      >
        {editing && (
          <PolicyForm
            current={editing === "new" ? null : editing}
            sources={owned}
            datasourceId={datasourceId}
            onDone={close}
          />
        )}
      </Modal>
    </PageFrame>
  );
}

interface Group {
  source: Pick<Datasource, "id" | "name">;
  policies: Policy[];
}

function grouped(policies: readonly Policy[], sources: readonly Datasource[], only?: string): Group[] {
  return sources
    .filter((source) => !only || source.id === only)
    .map((source) => ({ source, policies: policies.filter((one) => one.datasource_id === source.id) }))
    .filter((group) => group.policies.length > 0);
}
