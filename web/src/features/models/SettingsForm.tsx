/** Which model, by which key, within which budgets. */

import {
  Alert,
  Button,
  Group,
  NumberInput,
  PasswordInput,
  Select,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { keys } from "@/api/keys";
import { removeModelSettings, saveModelSettings, testModel } from "@/api/queries/models";
import type { ModelSettings } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { Choice } from "@/ui/Choice";
import { confirmDanger } from "@/ui/confirm";
import { ErrorNote } from "@/ui/ErrorNote";
import { Section } from "@/ui/Section";
import { toast, toastError } from "@/ui/toast";
import { bodyOf, type Draft, draftOf, isKeyLost, isSame } from "./draft";
import { hostOf } from "./Leaving";
import { useModelText } from "./text";

export function SettingsForm({ settings }: { settings: ModelSettings }) {
  const common = useCommon();
  const t = useModelText();
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(settings));
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const save = useMutation({
    mutationFn: () => saveModelSettings(bodyOf(draft, settings)),
    onSuccess: (after) => {
      toast({ message: t.saved, kind: "good" });
      client.setQueryData(keys.modelSettings, after);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const opensRows =
      draft.isEnabled && !draft.metadataOnly && (settings.metadata_only || !settings.is_enabled);
    if (!opensRows) return save.mutate();
    confirmDanger({
      title: t.rowsTitle,
      message: t.rowsWhy(hostOf({ base_url: draft.address || null, provider: draft.provider })),
      confirm: t.rowsDo,
      onConfirm: () => save.mutate(),
    });
  };
  const isUnchanged = isSame(draft, settings);
  const isLost = isKeyLost(draft, settings);
  return (
    <Section title={t.settings}>
      <form onSubmit={submit}>
        {save.isError && <ErrorNote error={save.error} />}
        <Switch
          label={t.enabled}
          checked={draft.isEnabled}
          onChange={(event) => change({ isEnabled: event.currentTarget.checked })}
          mb="md"
          mt={save.isError ? "md" : 0}
        />
        <div style={PAIRS}>
          <Select
            label={t.provider}
            allowDeselect={false}
            data={PROVIDERS.map((value) => ({ value, label: t.providers[value] }))}
            value={draft.provider}
            onChange={(provider) => provider && change({ provider })}
          />
          <TextInput
            label={t.model}
            placeholder={t.modelHint}
            maxLength={200}
            value={draft.model}
            onChange={(event) => change({ model: event.currentTarget.value })}
          />
          <TextInput
            label={`${t.address} (${common.optional})`}
            placeholder={t.addressHint}
            type="url"
            maxLength={500}
            value={draft.address}
            onChange={(event) => change({ address: event.currentTarget.value })}
          />
          <PasswordInput
            label={t.key}
            placeholder={settings.has_key && !isLost ? "••••••••••••" : undefined}
            autoComplete="new-password"
            maxLength={1000}
            disabled={draft.forgetsKey}
            value={draft.key}
            onChange={(event) => change({ key: event.currentTarget.value })}
          />
        </div>
        <Text size="xs" c={isLost ? "red" : "dimmed"} mt={8}>
          {isLost ? t.keyLost : settings.has_key ? t.keyKept : t.keyNone}
        </Text>
        {settings.has_key && !isLost && (
          <Choice
            type="checkbox"
            checked={draft.forgetsKey}
            onChange={(event) => change({ forgetsKey: event.currentTarget.checked, key: "" })}
          >
            <Text size="sm">{t.forgetKey}</Text>
          </Choice>
        )}
        <Text size="xs" c="dimmed" mt={4} style={{ overflowWrap: "anywhere" }}>
          {settings.allowed_hosts.length > 0 ? t.hosts(settings.allowed_hosts.join(", ")) : t.noHosts}
        </Text>
        <Switch
          mt="lg"
          label={t.metadataOnly}
          description={t.metadataOnlyWhy}
          checked={draft.metadataOnly}
          onChange={(event) => change({ metadataOnly: event.currentTarget.checked })}
        />
        <div style={{ ...PAIRS, marginTop: 20 }}>
          <Amount
            label={t.requests}
            value={draft.requests}
            max={1_000_000}
            onChange={(requests) => change({ requests })}
          />
          <Amount
            label={t.tokens}
            value={draft.tokens}
            max={10_000_000_000}
            onChange={(tokens) => change({ tokens })}
          />
          <Amount
            label={t.timeout}
            value={draft.timeout}
            min={1}
            max={300}
            onChange={(timeout) => change({ timeout })}
          />
        </div>
        <Text size="xs" c="dimmed" mt={8}>
          {t.budgetWhy}
        </Text>
        <Group justify="flex-end" mt="lg">
          <Button type="submit" loading={save.isPending} disabled={isUnchanged}>
            {common.save}
          </Button>
        </Group>
      </form>
      <After settings={settings} isUnchanged={isUnchanged} />
    </Section>
  );
}

const PROVIDERS = ["openai", "anthropic"] as const;
const PAIRS = { display: "grid", gridTemplateColumns: "repeat(auto-fit, minmax(220px, 1fr))", gap: 16 };

interface AmountProps {
  label: string;
  value: number | "";
  min?: number;
  max: number;
  onChange: (value: number | "") => void;
}

function Amount({ label, value, min = 0, max, onChange }: AmountProps) {
  return (
    <NumberInput
      label={label}
      required
      withAsterisk={false}
      value={value}
      min={min}
      max={max}
      allowDecimal={false}
      allowNegative={false}
      thousandSeparator=" "
      onChange={(next) => onChange(next === "" ? "" : Number(next))}
    />
  );
}

/** What can be done with settings that are saved: try them, or take all of it back. */
function After({ settings, isUnchanged }: { settings: ModelSettings; isUnchanged: boolean }) {
  const t = useModelText();
  const client = useQueryClient();
  const test = useMutation({
    mutationFn: testModel,
    onSuccess: () => client.invalidateQueries({ queryKey: ["model", "usage"] }),
    onError: toastError,
  });
  const remove = useMutation({
    mutationFn: removeModelSettings,
    onSuccess: async () => {
      toast({ message: t.turnedOff });
      await client.invalidateQueries({ queryKey: keys.modelSettings });
    },
    onError: toastError,
  });
  const ask = () =>
    confirmDanger({
      title: t.turnOffTitle,
      message: t.turnOffWhy,
      confirm: t.turnOffDo,
      onConfirm: () => remove.mutate(),
    });
  if (!settings.updated_at) return null;
  return (
    <div style={{ marginTop: 20, paddingTop: 20, borderTop: "1px solid var(--t-line)" }}>
      <Group justify="space-between" gap="sm">
        <Button
          variant="default"
          leftSection={<IconPlugConnected size={16} />}
          disabled={!isUnchanged || !settings.is_enabled}
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          {t.test}
        </Button>
        {(settings.is_enabled || settings.has_key) && (
          <Button variant="subtle" color="red" onClick={ask} loading={remove.isPending}>
            {t.turnOff}
          </Button>
        )}
      </Group>
      <Text size="xs" c="dimmed" mt={8}>
        {isUnchanged ? t.testWhy : t.saveFirst}
      </Text>
      {test.data && (
        <Alert color={test.data.ok ? "teal" : "red"} mt="md" role="status">
          {test.data.message}
        </Alert>
      )}
    </div>
  );
}
