/** One filter in full. */

import {
  Autocomplete,
  Group,
  Input,
  MultiSelect,
  SegmentedControl,
  Select,
  Skeleton,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Suspense, useMemo, useState } from "react";
import { datasourcesQuery, schemaQuery } from "@/api/queries/datasources";
import { FILTER_TYPES, type FilterType, readFilters } from "@/interaction/filters";
import { SqlEditor, scopeOf } from "../sql-editor";
import { columnsIn } from "../sql-editor/schema";
import {
  type FilterDraft,
  linesOf,
  nameFrom,
  OPERATORS_OF,
  operatorOf,
  optionsFrom,
  targetsFrom,
  targetsOf,
  typeOf,
  withType,
  wordOf,
} from "./drafts";
import { useFilterEditorText } from "./editorText";
import FilterControl from "./FilterControl";
import type { TargetTile } from "./FilterEditor";
import classes from "./filterEditor.module.css";

interface Props {
  draft: FilterDraft;
  /** Its name follows the label until somebody writes one. */
  isNew: boolean;
  others: readonly FilterDraft[];
  tiles: readonly TargetTile[];
  onChange: (draft: FilterDraft) => void;
}

export function FilterForm({ draft, isNew, others, tiles, onChange }: Props) {
  const t = useFilterEditorText();
  const [isNamed, setNamed] = useState(!isNew);
  const type = typeOf(draft);
  const isChoice = type === "select" || type === "multi_select";
  const columns = useColumns(tiles);
  const set = (changes: FilterDraft) => onChange({ ...draft, ...changes });
  const taken = others.map((one) => wordOf(one, "name"));
  const label = (text: string) =>
    set({ label: text, ...(!isNamed && { name: nameFrom(text || "filter", taken) }) });
  return (
    <div className={classes.form}>
      <Stack gap="sm">
        <Group grow align="flex-start">
          <TextInput
            size="xs"
            label={t.label}
            description={t.labelHint}
            value={wordOf(draft, "label")}
            onChange={(event) => label(event.currentTarget.value)}
            maxLength={100}
            data-autofocus={isNew || undefined}
          />
          <TextInput
            size="xs"
            label={t.name}
            description={t.nameHint(wordOf(draft, "name"))}
            value={wordOf(draft, "name")}
            onChange={(event) => {
              setNamed(true);
              set({ name: event.currentTarget.value });
            }}
            maxLength={64}
            withAsterisk
          />
        </Group>
        <Group grow align="flex-start">
          <Select
            size="xs"
            label={t.type}
            data={FILTER_TYPES.map((value) => ({ value, label: t.types[value] }))}
            value={type}
            onChange={(value) => value && onChange(withType(draft, value as FilterType))}
            allowDeselect={false}
          />
          {OPERATORS_OF[type].length > 1 && (
            <Select
              size="xs"
              label={t.operator}
              data={OPERATORS_OF[type].map((value) => ({ value, label: t.operators[value] }))}
              value={operatorOf(draft) ?? OPERATORS_OF[type][0] ?? null}
              onChange={(value) => set({ operator: value === OPERATORS_OF[type][0] ? null : value })}
              allowDeselect={false}
            />
          )}
        </Group>
        <Autocomplete
          size="xs"
          label={t.field}
          description={t.fieldHint}
          data={columns}
          limit={50}
          value={wordOf(draft, "field")}
          onChange={(field) => set({ field: field || null })}
        />
        {isChoice && <Choices draft={draft} others={others} onChange={set} />}
        <Opening draft={draft} onChange={set} />
        <Switch
          size="xs"
          label={t.required}
          description={t.requiredHint}
          checked={draft.required === true}
          onChange={(event) => set({ required: event.currentTarget.checked })}
        />
        <Targets draft={draft} tiles={tiles} columns={columns} onChange={set} />
      </Stack>
    </div>
  );
}

/** The value that the dashboard opens with, by the control that readers get. */
function Opening({ draft, onChange }: PartProps) {
  const t = useFilterEditorText();
  const [def] = readFilters([{ ...draft, options: Array.isArray(draft.options) ? draft.options : null }]);
  if (!def) return null;
  return (
    <Input.Wrapper size="xs" label={t.byDefault}>
      <div className={classes.opening}>
        <FilterControl
          key={def.type}
          dashboardId=""
          def={{ ...def, label: "", required: false }}
          value={def.default}
          chosen={{}}
          onChange={(value) => onChange({ default: value })}
          onDone={() => undefined}
        />
      </div>
    </Input.Wrapper>
  );
}

interface PartProps {
  draft: FilterDraft;
  onChange: (changes: FilterDraft) => void;
}

type Source = "typed" | "list" | "query";

function sourceOf(options: unknown): Source {
  if (Array.isArray(options)) return "list";
  return options !== null && typeof options === "object" ? "query" : "typed";
}

function Choices({ draft, others, onChange }: PartProps & { others: readonly FilterDraft[] }) {
  const t = useFilterEditorText();
  const { options } = draft;
  const source = sourceOf(options);
  const [text, setText] = useState(() => linesOf(options));
  const choose = (next: Source) => {
    if (next === "typed") onChange({ options: null, depends_on: [] });
    else if (next === "list") onChange({ options: optionsFrom(text, options), depends_on: [] });
    else onChange({ options: { query: "", datasource_id: null } });
  };
  return (
    <Input.Wrapper size="xs" label={t.options}>
      <Stack gap={8} mt={4}>
        <SegmentedControl
          size="xs"
          value={source}
          onChange={(next) => choose(next as Source)}
          data={[
            { value: "list", label: t.list },
            { value: "query", label: t.query },
            { value: "typed", label: t.typed },
          ]}
        />
        {source === "list" && (
          <Textarea
            size="xs"
            description={t.listHint}
            aria-label={t.options}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              onChange({ options: optionsFrom(event.currentTarget.value, options) });
            }}
            autosize
            minRows={3}
            maxRows={10}
          />
        )}
        {source === "query" && <QueryOfChoices draft={draft} onChange={onChange} />}
        {source === "query" && others.length > 0 && (
          <MultiSelect
            size="xs"
            label={t.dependsOn}
            description={t.dependsOnHint}
            data={others.map((one) => ({
              value: wordOf(one, "name"),
              label: wordOf(one, "label") || wordOf(one, "name"),
            }))}
            value={Array.isArray(draft.depends_on) ? draft.depends_on.map(String) : []}
            onChange={(names) => onChange({ depends_on: names })}
          />
        )}
      </Stack>
    </Input.Wrapper>
  );
}

function QueryOfChoices({ draft, onChange }: PartProps) {
  const t = useFilterEditorText();
  const { data: sources } = useQuery(datasourcesQuery);
  const options = draft.options as Record<string, unknown>;
  const id = wordOf(options, "datasource_id") || null;
  const { data: catalog } = useQuery({ ...schemaQuery(id ?? ""), enabled: id !== null });
  const scope = useMemo(() => scopeOf(catalog, {}), [catalog]);
  const set = (changes: Record<string, unknown>) => onChange({ options: { ...options, ...changes } });
  return (
    <>
      <Select
        size="xs"
        aria-label={t.datasource}
        placeholder={t.datasource}
        data={(sources ?? []).map((one) => ({ value: one.id, label: one.name, disabled: !one.can_use }))}
        value={id}
        onChange={(value) => set({ datasource_id: value })}
        allowDeselect={false}
      />
      <div className={classes.sql}>
        <Suspense fallback={<Skeleton h="100%" />}>
          <SqlEditor
            value={wordOf(options, "query")}
            onChange={(query) => set({ query })}
            onRun={() => undefined}
            type={sources?.find((one) => one.id === id)?.type}
            catalog={catalog}
            scope={scope}
            error={null}
            label={t.sql}
            placeholder="SELECT DISTINCT … FROM …"
          />
        </Suspense>
      </div>
      <Input.Description size="xs">{t.queryHint}</Input.Description>
    </>
  );
}

interface TargetsProps extends PartProps {
  tiles: readonly TargetTile[];
  columns: readonly string[];
}

function Targets({ draft, tiles, columns, onChange }: TargetsProps) {
  const t = useFilterEditorText();
  const targets = targetsOf(draft);
  const everywhere = () => Object.fromEntries(tiles.map((tile) => [tile.id, null]));
  const set = (next: Readonly<Record<string, string | null>>) => onChange({ targets: targetsFrom(next) });
  const toggle = (id: string, isOn: boolean) => {
    const { [id]: _gone, ...others } = targets ?? {};
    set(isOn ? { ...others, [id]: null } : others);
  };
  return (
    <Input.Wrapper size="xs" label={t.targets}>
      <Stack gap={6} mt={4}>
        <SegmentedControl
          size="xs"
          value={targets === null ? "all" : "some"}
          onChange={(next) => (next === "all" ? onChange({ targets: null }) : set(everywhere()))}
          data={[
            { value: "all", label: t.allTiles },
            { value: "some", label: t.someTiles },
          ]}
        />
        {targets !== null &&
          tiles.map((tile) => (
            <div key={tile.id} className={classes.target}>
              <label>
                <input
                  type="checkbox"
                  checked={tile.id in targets}
                  onChange={(event) => toggle(tile.id, event.currentTarget.checked)}
                />
                {tile.title}
              </label>
              {tile.id in targets && (
                <Autocomplete
                  size="xs"
                  aria-label={`${tile.title}: ${t.column("")}`}
                  placeholder={t.column(wordOf(draft, "field"))}
                  data={[...columns]}
                  limit={50}
                  value={targets[tile.id] ?? ""}
                  onChange={(column) => set({ ...targets, [tile.id]: column || null })}
                />
              )}
            </div>
          ))}
      </Stack>
    </Input.Wrapper>
  );
}

/** The names of all columns of the datasource that most tiles ask. */
function useColumns(tiles: readonly TargetTile[]): string[] {
  const ids = tiles.flatMap((tile) => tile.datasource_id ?? []);
  const count = (id: string) => ids.filter((one) => one === id).length;
  const id = [...new Set(ids)].sort((a, b) => count(b) - count(a))[0] ?? "";
  const { data } = useQuery({ ...schemaQuery(id), enabled: id !== "" });
  return useMemo(() => (data ? columnsIn(data) : []), [data]);
}
