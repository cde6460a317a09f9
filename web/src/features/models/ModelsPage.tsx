/** The tenant's model, for admins: what leaves the server, settings, budgets, a test, and what it has cost. */

import { Alert, Skeleton } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { meQuery } from "@/api/queries/auth";
import { modelSettingsQuery } from "@/api/queries/models";
import { useCommon } from "@/i18n/common";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageFrame } from "@/ui/PageFrame";
import { Leaving } from "./Leaving";
import { SettingsForm } from "./SettingsForm";
import { useModelText } from "./text";
import { UsageSection } from "./UsageSection";

export function ModelsPage() {
  const common = useCommon();
  const t = useModelText();
  const { data: me } = useQuery(meQuery);
  const isAdmin = me?.role === "admin";
  const { data, error, refetch } = useQuery({ ...modelSettingsQuery, enabled: isAdmin });
  if (!isAdmin) {
    return (
      <PageFrame title={common.models} width="narrow">
        <Alert icon={<IconLock size={18} />}>{t.onlyAdmins}</Alert>
      </PageFrame>
    );
  }
  return (
    <PageFrame title={common.models} subtitle={t.subtitle} width="narrow">
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton h={480} radius="lg" />}
      {data && (
        <>
          <Leaving settings={data} />
          <SettingsForm key={data.updated_at} settings={data} />
          <UsageSection />
        </>
      )}
    </PageFrame>
  );
}
