/**
 * One tile in full: where its data comes from, its query, what came back, how it is drawn. Nothing here
 * changes the dashboard before Save.
 */

import {
  ActionIcon,
  Alert,
  Button,
  Group,
  Modal,
  NumberInput,
  Skeleton,
  Stack,
  Text,
  Textarea,
  TextInput,
  Tooltip,
} from "@mantine/core";
import { IconAlertTriangle, IconPlayerPlay, IconPlayerStop, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useId, useMemo, useRef, useState } from "react";
import { datasourcesQuery, schemaQuery } from "@/api/queries/datasources";
import type { ChartConfig, TileData } from "@/api/types";
import { SqlEditor, type SqlEditorHandle, type SqlError, scopeOf } from "../sql-editor";
import { ConfigForm } from "./ConfigForm";
import {
  canAsk,
  isChanged,
  type Look,
  lookOf,
  problemOf,
  suggested,
  type TileDraft,
  tidied,
  withLook,
} from "./draft";
import classes from "./editor.module.css";
import { Interactivity } from "./Interactivity";
import { LookPicker } from "./LookPicker";
import { useEditorText } from "./messages";
import { ResultPane } from "./ResultPane";
import { SchemaTree } from "./SchemaTree";
import { Section } from "./Section";
import { SourcePickers } from "./SourcePickers";
import { sourceOf, type TileRun, useTileRun } from "./useTileRun";

const Suggest = lazy(() => import("./Suggest").then((module) => ({ default: module.Suggest })));
const Assist = lazy(() => import("./Assist").then((module) => ({ default: module.Assist })));

const MetricPanes = lazy(() => import("./MetricPanes").then((module) => ({ default: module.MetricPanes })));

/** Why a tile is not saved; column and line where they are known. */
export type Unsaved = Pick<SqlError, "message" | "line"> & Partial<Pick<SqlError, "column">>;

export interface TileEditorProps {
  dashboardId: string;
  initial: TileDraft;
  /** The tile's last result, so that the editor opens with a picture. */
  initialData: TileData | null;
  isNew: boolean;
  timeZone: string;
  /** Answers what the server refused, or null when the tile is saved (or kept for later while offline). */
  onSave: (draft: TileDraft, data: TileData | null) => Promise<Unsaved | null>;
  onClose: () => void;
}

export function TileEditor({
  dashboardId,
  initial,
  initialData,
  isNew,
  timeZone,
  onSave,
  onClose,
}: TileEditorProps) {
  const text = useEditorText();
  const [draft, setDraft] = useState(initial);
  const [isSaving, setSaving] = useState(false);
  const [refusal, setRefusal] = useState<Unsaved | null>(null);
  const [asksToDiscard, setAsksToDiscard] = useState(false);
  const run = useTileRun(dashboardId, initialData, sourceOf(initial));
  useFirstRun(initial, initialData, run);
  useSuggestions(run, setDraft);

  const table = useMemo(
    () => (run.data?.data ? { ...run.data.data, types: run.data.types } : null),
    [run.data],
  );
  const problem = problemOf(draft, table);
  const isDirty = isNew ? isChanged(draft, initial) : isChanged(tidied(draft), tidied(initial));
  const { clearError } = run;
  const change = useCallback(
    (changes: Partial<TileDraft>) => {
      setRefusal(null);
      if ("query" in changes || "metric_query" in changes) clearError();
      setDraft((old) => ({ ...old, ...changes }));
    },
    [clearError],
  );
  const choose = useCallback(
    (look: Look) => {
      setRefusal(null);
      setDraft((old) => {
        const next = withLook(old, look);
        return table ? { ...next, chart_config: suggested(look, next.chart_config, table) } : next;
      });
    },
    [table],
  );
  const configure = useCallback((chart_config: ChartConfig) => change({ chart_config }), [change]);
  const save = async () => {
    if (problem || isSaving) return;
    setSaving(true);
    try {
      const refused = await onSave(tidied(draft), run.data && isCurrent(run, draft) ? run.data : null);
      setRefusal(refused);
      if (!refused) onClose();
    } finally {
      setSaving(false);
    }
  };
  const close = () => (isDirty ? setAsksToDiscard(true) : onClose());
  useWindowKeys(!asksToDiscard, save, close);

  return (
    <Modal.Root opened fullScreen onClose={close} closeOnEscape={false} transitionProps={{ duration: 0 }}>
      <Modal.Content className={classes.editor} aria-label={isNew ? text.newTile : text.editTile}>
        <header className={classes.editorBar}>
          <ActionIcon variant="subtle" color="gray" onClick={close} aria-label={text.close}>
            <IconX size={18} />
          </ActionIcon>
          <TextInput
            className={classes.titleInput}
            classNames={{ input: classes.titleField }}
            value={draft.title}
            onChange={(event) => change({ title: event.currentTarget.value })}
            placeholder={text.titlePlaceholder}
            aria-label={text.title}
            maxLength={200}
            data-autofocus={isNew || undefined}
          />
          <Text size="sm" c="dimmed" role="status" className={classes.reason} id="tile-problem">
            {problem}
          </Text>
          <Button variant="default" size="sm" onClick={close}>
            {text.cancel}
          </Button>
          <Tooltip label={problem} disabled={!problem}>
            <Button
              size="sm"
              onClick={save}
              loading={isSaving}
              data-disabled={problem ? true : undefined}
              aria-disabled={problem ? true : undefined}
              aria-describedby={problem ? "tile-problem" : undefined}
            >
              {isNew ? text.addToPage : text.saveTile}
            </Button>
          </Tooltip>
        </header>
        {refusal && (
          <Alert color="red" icon={<IconAlertTriangle size={18} />} role="alert" radius={0} py="xs">
            {text.refused(refusal.message)}
          </Alert>
        )}
        <div className={classes.panes} data-text={draft.tile_type === "text" || undefined}>
          {draft.tile_type === "text" ? (
            <TextPane draft={draft} onChange={change} />
          ) : draft.metric_query ? (
            <Suspense fallback={<Skeleton h="100%" radius={0} />}>
              <MetricPanes
                dashboardId={dashboardId}
                draft={draft}
                query={draft.metric_query}
                run={() => run.run(draft)}
                isRunning={run.startedAt !== null}
                cancel={run.cancel}
                onChange={change}
              />
            </Suspense>
          ) : (
            <QueryPanes
              dashboardId={dashboardId}
              draft={draft}
              run={run}
              refusal={refusal}
              onChange={change}
            />
          )}
          <ResultPane draft={draft} run={run} timeZone={timeZone} onLook={choose} />
          <aside className={classes.form}>
            <LookPicker value={lookOf(draft)} onChange={choose} />
            {draft.tile_type !== "text" && run.data?.data && (
              <Suggested dashboardId={dashboardId} draft={draft} data={run.data} onChange={change} />
            )}
            <ConfigForm look={lookOf(draft)} config={draft.chart_config} table={table} onChange={configure} />
            {draft.tile_type !== "text" && <Interactivity draft={draft} table={table} onChange={configure} />}
            {draft.tile_type !== "text" && (
              <Section title={text.caching}>
                <NumberInput
                  size="xs"
                  label={text.cacheTtl}
                  description={text.cacheTtlHint}
                  min={0}
                  max={604_800}
                  allowDecimal={false}
                  value={draft.cache_ttl_seconds ?? ""}
                  onChange={(value) =>
                    change({ cache_ttl_seconds: typeof value === "number" ? value : null })
                  }
                />
              </Section>
            )}
          </aside>
        </div>
        <Discard opened={asksToDiscard} onKeep={() => setAsksToDiscard(false)} onDiscard={onClose} />
      </Modal.Content>
    </Modal.Root>
  );
}

interface PaneProps {
  draft: TileDraft;
  onChange: (changes: Partial<TileDraft>) => void;
}

function QueryPanes({
  dashboardId,
  draft,
  run,
  refusal,
  onChange,
}: PaneProps & { dashboardId: string; run: TileRun; refusal: Unsaved | null }) {
  const text = useEditorText();
  const [isAssisting, setAssisting] = useState(false);
  const hintId = useId();
  const editor = useRef<SqlEditorHandle>(null);
  const schema = useQuery({
    ...schemaQuery(draft.datasource_id ?? ""),
    enabled: draft.datasource_id !== null,
  });
  const { data: sources } = useQuery(datasourcesQuery);
  const type = sources?.find((source) => source.id === draft.datasource_id)?.type;
  const { data: catalog } = schema;
  const scope = useMemo(
    () => scopeOf(catalog, { catalog: draft.catalog, schema: draft.schema }),
    [catalog, draft.catalog, draft.schema],
  );
  const error = useMemo(
    () => run.error ?? (refusal && refusal.line !== null ? { column: null, ...refusal } : null),
    [run.error, refusal],
  );
  const isRunning = run.startedAt !== null;
  const canRun = canAsk(draft);
  return (
    <>
      <div className={classes.source}>
        <SourcePickers draft={draft} catalog={catalog} onChange={onChange} />
        {draft.datasource_id && (
          <SchemaTree
            datasourceId={draft.datasource_id}
            catalog={catalog}
            isLoading={schema.isLoading}
            error={schema.error}
            scope={scope}
            onInsert={(sql) => editor.current?.insert(sql)}
          />
        )}
      </div>
      <section className={classes.query} aria-label={text.sql}>
        <div className={classes.queryBar}>
          <Button
            size="xs"
            leftSection={<IconPlayerPlay size={14} />}
            onClick={() => run.run(draft)}
            disabled={!canRun || isRunning}
          >
            {text.run}
          </Button>
          {isRunning && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlayerStop size={14} />}
              onClick={run.cancel}
            >
              {text.cancelRun}
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            disabled={draft.datasource_id === null}
            onClick={() => setAssisting(true)}
          >
            {text.assist}
          </Button>
          <Button size="xs" variant="default" onClick={() => onChange({ metric_query: { metrics: [] } })}>
            {text.useMetrics}
          </Button>
          <Text size="xs" c="dimmed" id={hintId} className={classes.hint}>
            {text.sqlHint}
          </Text>
        </div>
        {isAssisting && (
          <Suspense fallback={null}>
            <Assist
              dashboardId={dashboardId}
              draft={draft}
              onChange={onChange}
              onClose={() => setAssisting(false)}
            />
          </Suspense>
        )}
        <div className={classes.sql}>
          <Suspense fallback={<Skeleton h="100%" radius={0} />}>
            <SqlEditor
              value={draft.query ?? ""}
              onChange={(query) => onChange({ query })}
              onRun={() => canRun && run.run(draft)}
              type={type}
              catalog={catalog}
              scope={scope}
              error={error}
              label={text.sql}
              placeholder={text.sqlPlaceholder}
              hintId={hintId}
              handle={editor}
            />
          </Suspense>
        </div>
      </section>
    </>
  );
}

/** The button for suggestions, or what it brought. */
function Suggested(props: PaneProps & { dashboardId: string; data: TileData }) {
  const text = useEditorText();
  const [isOpen, setOpen] = useState(false);
  if (!isOpen)
    return (
      <Button size="xs" variant="default" fullWidth mb={8} onClick={() => setOpen(true)}>
        {text.suggestChart}
      </Button>
    );
  return (
    <Suspense fallback={<Skeleton h={120} mb={8} />}>
      <Suggest {...props} onClose={() => setOpen(false)} />
    </Suspense>
  );
}

function TextPane({ draft, onChange }: PaneProps) {
  const text = useEditorText();
  return (
    <section className={classes.markdown}>
      <Textarea
        label={text.markdown}
        value={draft.content ?? ""}
        onChange={(event) => onChange({ content: event.currentTarget.value })}
        placeholder={text.markdownPlaceholder}
        classNames={{
          root: classes.markdownRoot,
          wrapper: classes.markdownWrapper,
          input: classes.markdownInput,
        }}
      />
    </section>
  );
}

function Discard({
  opened,
  onKeep,
  onDiscard,
}: {
  opened: boolean;
  onKeep: () => void;
  onDiscard: () => void;
}) {
  const text = useEditorText();
  return (
    <Modal opened={opened} onClose={onKeep} title={text.discardTitle} size="sm">
      <Stack>
        <Text size="sm">{text.discardBody}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onKeep} data-autofocus>
            {text.keepEditing}
          </Button>
          <Button color="red" onClick={onDiscard}>
            {text.discard}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** A saved tile that is opened without a result shows one soon. */
function useFirstRun(initial: TileDraft, initialData: TileData | null, run: TileRun): void {
  const hasRun = useRef(false);
  useEffect(() => {
    if (hasRun.current) return;
    hasRun.current = true;
    if (!initialData?.data && initial.tile_type !== "text") run.run(initial);
  }, [initial, initialData, run]);
}

/** Each new result fills the fields that name no column of it. */
function useSuggestions(run: TileRun, setDraft: (change: (draft: TileDraft) => TileDraft) => void): void {
  const { data } = run;
  const seen = useRef(data);
  useEffect(() => {
    if (!data?.data || seen.current === data) return;
    seen.current = data;
    const table = { ...data.data, types: data.types };
    setDraft((draft) => ({ ...draft, chart_config: suggested(lookOf(draft), draft.chart_config, table) }));
  }, [data, setDraft]);
}

function isCurrent(run: TileRun, draft: TileDraft): boolean {
  return run.source !== null && JSON.stringify(run.source) === JSON.stringify(sourceOf(draft));
}

/** Ctrl or Cmd with S saves; Escape closes, but not where it has a meaning of its own. Wherever the focus is. */
function useWindowKeys(isOn: boolean, save: () => Promise<void>, close: () => void): void {
  const latest = useRef({ save, close });
  latest.current = { save, close };
  useEffect(() => {
    if (!isOn) return;
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
        event.preventDefault();
        void latest.current.save();
      } else if (event.key === "Escape" && !event.defaultPrevented && !isTextField(event.target)) {
        latest.current.close();
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [isOn]);
}

function isTextField(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest("input, textarea, select, [contenteditable], [role=listbox]") !== null
  );
}
