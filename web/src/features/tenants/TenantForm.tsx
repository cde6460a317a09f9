/** A tenant's name and limits. */

import { Button, Group, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { keys } from "@/api/keys";
import { isFirst } from "@/api/queries/operator";
import { createTenant, updateTenant } from "@/api/queries/tenants";
import type { Tenant } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { ErrorNote } from "@/ui/ErrorNote";
import { useTenantText } from "./text";

const GIGABYTE = 1_000_000_000;

interface Props {
  current: Tenant | null;
  onSaved: (tenant: Tenant) => void;
  onCancel: () => void;
}

export function TenantForm({ current, onSaved, onCancel }: Props) {
  const common = useCommon();
  const t = useTenantText();
  const client = useQueryClient();
  const [name, setName] = useState(current?.name ?? "");
  const [dashboards, setDashboards] = useState(current?.limits.max_dashboards ?? null);
  const [bytes, setBytes] = useState(current?.limits.max_storage_bytes ?? null);
  const [queries, setQueries] = useState(current?.limits.max_concurrent_queries ?? null);
  const keepsName = current !== null && isFirst(current);
  const save = useMutation({
    mutationFn: () => {
      const limits = {
        max_dashboards: dashboards,
        max_storage_bytes: bytes,
        max_concurrent_queries: queries,
      };
      if (!current) return createTenant({ name: name.trim(), limits });
      return updateTenant(current.id, keepsName ? { limits } : { name: name.trim(), limits });
    },
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: keys.tenants });
      onSaved(saved);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {save.isError && <ErrorNote error={save.error} />}
        <TextInput
          label={common.name}
          description={keepsName ? t.firstKeepsName : undefined}
          disabled={keepsName}
          data-autofocus={!keepsName || undefined}
          required
          withAsterisk={false}
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Text size="sm" c="dimmed">
          {t.limitsWhy}
        </Text>
        <Limit label={t.dashboards} value={dashboards} onChange={setDashboards} />
        <Limit
          label={t.gigabytes}
          value={bytes === null ? null : bytes / GIGABYTE}
          onChange={(value) => setBytes(value === null ? null : Math.round(value * GIGABYTE))}
          step={0.5}
        />
        <Limit label={t.queries} value={queries} onChange={setQueries} from={1} />
        <Group justify="flex-end" gap="xs">
          <Button variant="subtle" color="gray" onClick={onCancel}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={!name.trim()}>
            {current ? common.save : common.create}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface LimitProps {
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
  from?: number;
  /** Less than one: fractions are allowed. */
  step?: number;
}

function Limit({ label, value, onChange, from = 0, step = 1 }: LimitProps) {
  const t = useTenantText();
  return (
    <NumberInput
      label={label}
      placeholder={t.serverLimit}
      value={value ?? ""}
      onChange={(next) => onChange(next === "" ? null : Number(next))}
      min={from}
      step={step}
      allowDecimal={step < 1}
      allowNegative={false}
    />
  );
}
