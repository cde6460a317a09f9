/** What a click on the tile does: filter the others, open a level, show the rows behind it. */

import {
  ActionIcon,
  Autocomplete,
  Button,
  Group,
  MultiSelect,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import { IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { schemaQuery } from "@/api/queries/datasources";
import type { ChartConfig } from "@/api/types";
import type { Table } from "@/charts/contract";
import { columnsIn } from "../sql-editor/schema";
import { namesOf, type TileDraft } from "./draft";
import classes from "./editor.module.css";
import { useInteractivityText } from "./interactivityText";
import { type LevelDraft, levelDrafts, withLevels } from "./levels";
import { Section } from "./Section";

const DetailQuery = lazy(() => import("./DetailQuery").then((module) => ({ default: module.DetailQuery })));

interface Props {
  draft: TileDraft;
  /** The last result; null before the first. */
  table: Table | null;
  onChange: (config: ChartConfig) => void;
}

export function Interactivity({ draft, table, onChange }: Props) {
  const t = useInteractivityText();
  const { chart_config: config } = draft;
  const set = (changes: ChartConfig) => onChange({ ...config, ...changes });
  const columns = table?.columns ?? [];
  return (
    <Section title={t.title}>
      <Stack gap="sm">
        <Switch
          size="xs"
          label={t.cross}
          description={t.crossHint}
          checked={config.cross_filter_enabled === true}
          onChange={(event) => set({ cross_filter_enabled: event.currentTarget.checked || undefined })}
        />
        {config.cross_filter_enabled === true && (
          <Select
            size="xs"
            label={t.crossField}
            description={t.crossFieldHint}
            data={withChosen(columns, config.crossFilterField)}
            value={namesOf(config.crossFilterField)[0] ?? null}
            onChange={(column) => set({ crossFilterField: column ?? undefined })}
            placeholder={t.ownColumn}
            clearable
            searchable
          />
        )}
        <Levels draft={draft} columns={columns} onChange={onChange} />
        <Detail draft={draft} columns={columns} onChange={set} />
      </Stack>
    </Section>
  );
}

interface PartProps {
  draft: TileDraft;
  columns: readonly string[];
  onChange: (config: ChartConfig) => void;
}

function Levels({ draft, columns, onChange }: PartProps) {
  const t = useInteractivityText();
  const { data: catalog } = useQuery({
    ...schemaQuery(draft.datasource_id ?? ""),
    enabled: draft.datasource_id !== null,
  });
  const known = useMemo(() => (catalog ? columnsIn(catalog) : []), [catalog]);
  const levels = levelDrafts(draft.chart_config);
  const put = (next: readonly LevelDraft[]) => onChange(withLevels(draft.chart_config, next));
  const change = (at: number, changes: Partial<LevelDraft>) =>
    put(levels.map((level, index) => (index === at ? { ...level, ...changes } : level)));
  const raise = (at: number) => {
    const moved = [...levels];
    moved.splice(at - 1, 0, ...moved.splice(at, 1));
    put(moved);
  };
  return (
    <div>
      <Text size="xs" fw={500}>
        {t.drill}
      </Text>
      <Text size="xs" c="dimmed" mb={6}>
        {t.drillHint}
      </Text>
      <Stack gap={8}>
        {levels.map((level, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a level is its place
          <fieldset key={at} className={classes.level} aria-label={t.level(at + 1)}>
            <Autocomplete
              size="xs"
              aria-label={t.levelColumn}
              placeholder={t.levelColumn}
              data={known}
              limit={40}
              value={level.id_column}
              onChange={(column) => change(at, { id_column: column })}
            />
            <Group gap={2} wrap="nowrap">
              <ActionIcon
                variant="subtle"
                color="gray"
                size={26}
                aria-label={t.moveUp(at + 1)}
                disabled={at === 0}
                onClick={() => raise(at)}
              >
                <IconArrowUp size={14} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={26}
                aria-label={t.removeLevel(at + 1)}
                onClick={() => put(levels.filter((_, index) => index !== at))}
              >
                <IconTrash size={14} />
              </ActionIcon>
            </Group>
            <Select
              size="xs"
              aria-label={t.levelLabel}
              placeholder={t.levelLabel}
              data={withChosen(columns, level.label_column)}
              value={level.label_column || null}
              onChange={(column) => change(at, { label_column: column ?? undefined })}
              clearable
              searchable
            />
            <TextInput
              size="xs"
              aria-label={t.levelName}
              placeholder={t.levelName}
              value={level.label ?? ""}
              onChange={(event) => change(at, { label: event.currentTarget.value || undefined })}
              maxLength={60}
            />
          </fieldset>
        ))}
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPlus size={13} />}
          onClick={() => put([...levels, { id_column: "" }])}
          disabled={levels.length >= 20}
          w="fit-content"
        >
          {t.addLevel}
        </Button>
      </Stack>
    </div>
  );
}

function Detail({ draft, columns, onChange }: PartProps) {
  const t = useInteractivityText();
  const [isOpen, setOpen] = useState(false);
  const { detail_query: query, detailFields } = draft.chart_config;
  const isThere = typeof query === "string" && query.trim() !== "";
  return (
    <div>
      <Text size="xs" fw={500}>
        {t.detail}
      </Text>
      <Text size="xs" c="dimmed" mb={6}>
        {t.detailHint}
      </Text>
      <Group gap={8}>
        <Button size="compact-xs" variant="default" onClick={() => setOpen(true)}>
          {isThere ? t.editDetail : t.writeDetail}
        </Button>
        {isThere && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            onClick={() => onChange({ detail_query: undefined, detailFields: undefined })}
          >
            {t.removeDetail}
          </Button>
        )}
      </Group>
      {isThere && (
        <MultiSelect
          mt={8}
          size="xs"
          label={t.detailFields}
          description={t.detailFieldsHint}
          data={withChosen(columns, detailFields)}
          value={namesOf(detailFields)}
          onChange={(chosen) => onChange({ detailFields: chosen.length > 0 ? chosen : undefined })}
          searchable
        />
      )}
      {isOpen && (
        <Suspense fallback={null}>
          <DetailQuery
            draft={draft}
            onApply={(detail_query) => onChange({ detail_query })}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </div>
  );
}

/** The columns of the result, and those that are chosen but not in it. */
function withChosen(columns: readonly string[], chosen: unknown): string[] {
  return [...new Set([...columns, ...namesOf(chosen)])];
}
