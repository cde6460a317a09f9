/** One tenant: what it uses of what it may, and what an operator can do with it. */

import { ActionIcon, Badge, Menu, Table, Text } from "@mantine/core";
import { IconAdjustments, IconDots, IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { keys } from "@/api/keys";
import { isFirst } from "@/api/queries/operator";
import { resumeTenant, suspendTenant } from "@/api/queries/tenants";
import type { Tenant } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { formatBytes, formatInteger } from "@/lib/format";
import { useNow } from "@/lib/hooks";
import { ago, exactly } from "@/lib/time";
import { confirmDanger } from "@/ui/confirm";
import { toast, toastError } from "@/ui/toast";
import { useTenantText } from "./text";

interface Props {
  tenant: Tenant;
  isMine: boolean;
  onEdit: () => void;
}

export function TenantRow({ tenant, isMine, onEdit }: Props) {
  const common = useCommon();
  const t = useTenantText();
  const now = useNow(60_000);
  const { usage, limits } = tenant;
  const dashboards = usedOf(usage.dashboards, limits.max_dashboards, formatInteger, t.of);
  const storage = usedOf(usage.storage_bytes, limits.max_storage_bytes, formatBytes, t.of);
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={560} style={{ overflowWrap: "anywhere" }}>
          {tenant.name}{" "}
          {isMine && (
            <Badge size="xs" variant="default">
              {t.yours}
            </Badge>
          )}{" "}
          {tenant.suspended_at && (
            <Badge size="xs" color="red" variant="light">
              {t.suspended}
            </Badge>
          )}
        </Text>
        <Text size="xs" c="dimmed" title={exactly(tenant.suspended_at ?? tenant.created_at)}>
          {tenant.suspended_at ? t.since(ago(tenant.suspended_at, now)) : t.made(ago(tenant.created_at, now))}
        </Text>
        <Text size="xs" c="dimmed" hiddenFrom="sm" mt={2}>
          {[t.peopleCount(usage.users), `${t.dashboards}: ${dashboards}`, `${t.storage}: ${storage}`].join(
            " · ",
          )}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm" className="tnum">
        {formatInteger(usage.users)}
      </Table.Td>
      <Table.Td visibleFrom="sm" className="tnum">
        {dashboards}
      </Table.Td>
      <Table.Td visibleFrom="sm" className="tnum">
        {storage}
      </Table.Td>
      <Table.Td visibleFrom="sm" className="tnum">
        {limits.max_concurrent_queries === null ? (
          <Text size="sm" c="dimmed">
            {t.serverLimit}
          </Text>
        ) : (
          formatInteger(limits.max_concurrent_queries)
        )}
      </Table.Td>
      <Table.Td>
        <Menu position="bottom-end" width={220}>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`${common.more}: ${tenant.name}`}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconAdjustments size={16} />} onClick={onEdit}>
              {t.edit}
            </Menu.Item>
            {!isFirst(tenant) && <SuspendItem tenant={tenant} />}
          </Menu.Dropdown>
        </Menu>
      </Table.Td>
    </Table.Tr>
  );
}

function SuspendItem({ tenant }: { tenant: Tenant }) {
  const t = useTenantText();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (suspended: boolean) => (suspended ? suspendTenant(tenant.id) : resumeTenant(tenant.id)),
    onSuccess: async (after) => {
      toast({ message: after.suspended_at ? t.wasSuspended(after.name) : t.wasResumed(after.name) });
      await client.invalidateQueries({ queryKey: keys.tenants });
    },
    onError: toastError,
  });
  const ask = () =>
    confirmDanger({
      title: t.suspendTitle(tenant.name),
      message: t.suspendWhy,
      confirm: t.suspendDo,
      onConfirm: () => change.mutate(true),
    });
  return tenant.suspended_at ? (
    <Menu.Item leftSection={<IconPlayerPlay size={16} />} onClick={() => change.mutate(false)}>
      {t.resume}
    </Menu.Item>
  ) : (
    <Menu.Item leftSection={<IconPlayerPause size={16} />} color="red" onClick={ask}>
      {t.suspend}
    </Menu.Item>
  );
}

/** "12 of 50", or "12" without a limit. */
function usedOf(
  used: number,
  limit: number | null,
  format: (value: number) => string,
  of: (used: string, limit: string) => string,
): string {
  return limit === null ? format(used) : of(format(used), format(limit));
}
