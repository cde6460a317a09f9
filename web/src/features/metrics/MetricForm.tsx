/** A metric while it is written: simple, ratio, derived or cumulative. Before a change is stored, what it moves. */

import {
  Button,
  Group,
  Input,
  Modal,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { keys } from "@/api/keys";
import { datasourcesQuery } from "@/api/queries/datasources";
import {
  METRIC_TYPES,
  type Metric,
  type MetricType,
  metricQuery,
  saveMetric,
  type UsedBy,
} from "@/api/queries/metrics";
import { useCommon } from "@/i18n/common";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageFrame } from "@/ui/PageFrame";
import { Section } from "@/ui/Section";
import { toast } from "@/ui/toast";
import { draftOf, isFormula, type MetricDraft, slug, tidied } from "./draft";
import { FormulaFields } from "./FormulaFields";
import { Impact } from "./Impact";
import { RowFields } from "./RowFields";
import { useMetricText } from "./text";

interface Props {
  /** The metric to change; none: a new one. */
  name?: string;
  onDone: (name?: string) => void;
}

export function MetricForm({ name, onDone }: Props) {
  const common = useCommon();
  const metric = useQuery({ ...metricQuery(name ?? ""), enabled: name !== undefined });
  const sources = useQuery(datasourcesQuery);
  const error = metric.error ?? sources.error;
  if (error) {
    return (
      <PageFrame title={common.metrics}>
        <ErrorNote error={error} />
      </PageFrame>
    );
  }
  if (!sources.data || (name !== undefined && !metric.data)) return null;
  const usable = sources.data.filter((source) => source.can_use);
  const first = usable.find((source) => source.is_default) ?? usable[0];
  return (
    <Loaded
      current={metric.data ?? null}
      initial={draftOf(metric.data ?? null, first?.id ?? null)}
      onDone={onDone}
    />
  );
}

function Loaded({
  current,
  initial,
  onDone,
}: {
  current: Metric | null;
  initial: MetricDraft;
  onDone: Props["onDone"];
}) {
  const common = useCommon();
  const t = useMetricText();
  const client = useQueryClient();
  const [draft, setDraft] = useState(initial);
  const [uses, setUses] = useState<UsedBy[] | null>(null);
  const change = (changes: Partial<MetricDraft>) => setDraft((old) => ({ ...old, ...changes }));
  const save = useMutation({
    /** First what the change would move, where there is something; then the change itself. */
    mutationFn: async (isSure: boolean) => {
      const body = tidied(draft);
      if (current && !isSure) {
        const trial = await saveMetric(current.id, body, true);
        if (trial.used_by.length > 0) return { ...trial, isTrial: true };
      }
      return { ...(await saveMetric(current?.id ?? null, body)), isTrial: false };
    },
    onSuccess: async (saved) => {
      if (saved.isTrial) {
        setUses(saved.used_by);
        return;
      }
      await client.invalidateQueries({ queryKey: keys.metrics });
      toast({ message: [t.saved(saved.name), ...saved.warnings].join(" "), kind: "good" });
      onDone(saved.name);
    },
    onError: () => setUses(null),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(false);
  };
  const leave = () => onDone(current?.name);
  const { format } = draft;
  return (
    <PageFrame
      width="narrow"
      title={current ? t.edit : t.add}
      subtitle={
        <Link to="/catalogue" className="t-link">
          {common.metrics}
        </Link>
      }
    >
      <form onSubmit={submit}>
        <Section>
          <Stack gap="md">
            <Input.Wrapper label={t.kind} description={t.typeWhy[draft.type]} labelElement="div">
              <SegmentedControl
                mt={6}
                fullWidth
                aria-label={t.kind}
                value={draft.type}
                onChange={(type) => change(withType(draft, type as MetricType))}
                data={METRIC_TYPES.map((type) => ({ value: type, label: t.type[type] }))}
              />
            </Input.Wrapper>
            <Group grow align="flex-start">
              <TextInput
                label={t.label}
                placeholder={t.labelHint}
                maxLength={200}
                value={draft.label ?? ""}
                onChange={(event) => {
                  const label = event.currentTarget.value;
                  const follows = !current && draft.name === slug(draft.label ?? "");
                  change({ label, ...(follows && { name: slug(label) }) });
                }}
              />
              <TextInput
                label={common.name}
                placeholder={t.nameHint}
                required
                withAsterisk={false}
                maxLength={60}
                value={draft.name}
                onChange={(event) => change({ name: event.currentTarget.value })}
              />
            </Group>
            <Textarea
              label={`${common.description} (${common.optional})`}
              autosize
              minRows={2}
              maxRows={8}
              value={draft.description ?? ""}
              onChange={(event) => change({ description: event.currentTarget.value })}
            />
          </Stack>
        </Section>
        <Section title={t.definition}>
          {(draft.type === "ratio" || draft.type === "cumulative") && (
            <SegmentedControl
              mb="md"
              aria-label={t.measuredBy}
              value={draft.formula === null ? "expression" : "formula"}
              onChange={(way) => change({ formula: way === "formula" ? "" : null })}
              data={[
                { value: "expression", label: t.byExpression },
                { value: "formula", label: t.byFormula },
              ]}
            />
          )}
          {isFormula(draft) ? (
            <FormulaFields draft={draft} onChange={change} />
          ) : (
            <RowFields draft={draft} onChange={change} />
          )}
        </Section>
        <Section title={t.format}>
          <Stack gap="md">
            <Group grow align="flex-start">
              <Select
                label={t.format}
                clearable
                data={Object.entries(t.formats).map(([value, label]) => ({ value, label }))}
                value={typeof format.valueFormat === "string" ? format.valueFormat : null}
                onChange={(valueFormat) => change({ format: { ...format, valueFormat } })}
              />
              {format.valueFormat === "currency" && (
                <TextInput
                  label={t.currency}
                  placeholder="EUR"
                  maxLength={3}
                  value={typeof format.currency === "string" ? format.currency : ""}
                  onChange={(event) =>
                    change({ format: { ...format, currency: event.currentTarget.value.toUpperCase() } })
                  }
                />
              )}
              <NumberInput
                label={t.decimals}
                min={0}
                max={10}
                allowDecimal={false}
                value={typeof format.decimals === "number" ? format.decimals : ""}
                onChange={(value) =>
                  change({ format: { ...format, decimals: typeof value === "number" ? value : null } })
                }
              />
            </Group>
            <Group grow align="flex-start">
              {(["prefix", "suffix"] as const).map((key) => (
                <TextInput
                  key={key}
                  label={t[key]}
                  maxLength={20}
                  value={typeof format[key] === "string" ? format[key] : ""}
                  onChange={(event) => change({ format: { ...format, [key]: event.currentTarget.value } })}
                />
              ))}
            </Group>
            <TagsInput
              label={t.synonyms}
              placeholder={t.synonymsHint}
              value={draft.synonyms}
              onChange={(synonyms) => change({ synonyms })}
            />
          </Stack>
        </Section>
        {save.isError && <ErrorNote error={save.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="subtle" color="gray" onClick={leave}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={save.isPending && uses === null} disabled={draft.name.trim() === ""}>
            {current ? common.save : common.create}
          </Button>
        </Group>
      </form>
      <Modal opened={uses !== null} onClose={() => setUses(null)} title={t.impactTitle} size="lg">
        <Text size="sm" c="dimmed" mb="sm">
          {t.impactWhy}
        </Text>
        {uses && <Impact uses={uses} />}
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="subtle" color="gray" onClick={() => setUses(null)}>
            {common.cancel}
          </Button>
          <Button loading={save.isPending} onClick={() => save.mutate(true)}>
            {t.saveAnyway}
          </Button>
        </Group>
      </Modal>
    </PageFrame>
  );
}

/** A derived metric has a formula, a simple one has none; the others have either. */
function withType(draft: MetricDraft, type: MetricType): Partial<MetricDraft> {
  if (type === "derived") return { type, formula: draft.formula ?? "" };
  return type === "simple" ? { type, formula: null } : { type };
}
