/** The tenants of the server, for its operators: what each uses, its limits, and whether it is suspended. */

import { Alert, Button, Modal, Skeleton, Table, Text } from "@mantine/core";
import { IconBuildingPlus, IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery } from "@/api/queries/auth";
import { isOperator } from "@/api/queries/operator";
import { tenantsQuery } from "@/api/queries/tenants";
import type { Tenant } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { formatInteger } from "@/lib/format";
import { CopyField } from "@/ui/CopyField";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageFrame } from "@/ui/PageFrame";
import { Section } from "@/ui/Section";
import { TenantForm } from "./TenantForm";
import { TenantRow } from "./TenantRow";
import { useTenantText } from "./text";

/** The tenant in the form; `new` for one that is not there yet. */
type Editing = Tenant | "new" | null;

export function TenantsPage() {
  const common = useCommon();
  const t = useTenantText();
  const { data: me } = useQuery(meQuery);
  const mayLook = isOperator(me);
  const list = useQuery({ ...tenantsQuery, enabled: mayLook });
  const [editing, setEditing] = useState<Editing>(null);
  const [made, setMade] = useState<Tenant | null>(null);
  const close = () => setEditing(null);
  const saved = (tenant: Tenant) => {
    if (editing === "new") setMade(tenant);
    close();
  };
  if (!mayLook) {
    return (
      <PageFrame title={common.tenants}>
        <Alert icon={<IconLock size={18} />}>{t.notYours}</Alert>
      </PageFrame>
    );
  }
  return (
    <PageFrame
      title={common.tenants}
      subtitle={t.subtitle}
      actions={
        <Button leftSection={<IconBuildingPlus size={16} />} onClick={() => setEditing("new")}>
          {t.add}
        </Button>
      }
    >
      {list.isError && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {list.isPending && <Skeleton h={220} radius="lg" />}
      {list.data && (
        <Section>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t.tenant}</Table.Th>
                <Table.Th visibleFrom="sm">{t.people}</Table.Th>
                <Table.Th visibleFrom="sm">{t.dashboards}</Table.Th>
                <Table.Th visibleFrom="sm">{t.storage}</Table.Th>
                <Table.Th visibleFrom="sm">{t.queries}</Table.Th>
                <Table.Th w={50} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.data.items.map((tenant) => (
                <TenantRow
                  key={tenant.id}
                  tenant={tenant}
                  isMine={tenant.id === me?.tenant_id}
                  onEdit={() => setEditing(tenant)}
                />
              ))}
            </Table.Tbody>
          </Table>
          {list.data.total > list.data.items.length && (
            <Text size="sm" c="dimmed" mt="sm">
              {t.notAll(formatInteger(list.data.items.length), formatInteger(list.data.total))}
            </Text>
          )}
        </Section>
      )}
      <Modal opened={editing !== null} onClose={close} title={editing === "new" ? t.add : t.edit}>
        {editing && (
          <TenantForm current={editing === "new" ? null : editing} onSaved={saved} onCancel={close} />
        )}
      </Modal>
      <Modal opened={made !== null} onClose={() => setMade(null)} title={made && t.madeTitle(made.name)}>
        <Text size="sm" mb="md">
          {t.madeWhy}
        </Text>
        {made && <CopyField label={t.command} value={commandFor(made.name)} />}
        <Button mt="lg" onClick={() => setMade(null)}>
          {t.done}
        </Button>
      </Modal>
    </PageFrame>
  );
}

/** The words that add the first admin; the name in quotes where a shell would take it apart. */
export function commandFor(name: string): string {
  const plain = /^[\w.-]+$/.test(name);
  const word = plain ? name : `'${name.replaceAll("'", "'\\''")}'`;
  return `tesela user add admin@example.org --role admin --tenant ${word}`;
}
