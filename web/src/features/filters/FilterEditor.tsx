/** The filters of a dashboard: their list and their order, one of them in full. One Apply is one step of the history. */

import { ActionIcon, Button, Group, Modal, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconFilterPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { blankFilter, type FilterDraft, filterProblem, tidyFilter, typeOf, wordOf } from "./drafts";
import { useFilterEditorText } from "./editorText";
import { FilterForm } from "./FilterForm";
import classes from "./filterEditor.module.css";

export interface TargetTile {
  id: string;
  title: string;
  datasource_id: string | null;
}

interface Props {
  filters: readonly FilterDraft[];
  /** The tiles that ask something. */
  tiles: readonly TargetTile[];
  onApply: (filters: Record<string, unknown>[]) => void;
  onClose: () => void;
}

/** Drafts have keys of their own: names change while they are typed. */
interface Entry {
  key: number;
  draft: FilterDraft;
  isNew: boolean;
}

export function FilterEditor({ filters, tiles, onApply, onClose }: Props) {
  const t = useFilterEditorText();
  const [entries, setEntries] = useState<Entry[]>(() =>
    filters.map((draft, key) => ({ key, draft, isNew: false })),
  );
  const [chosen, setChosen] = useState<number | undefined>(entries[0]?.key);
  const drafts = entries.map((entry) => entry.draft);
  const current = entries.find((entry) => entry.key === chosen);
  const problem = drafts.map((draft) => filterProblem(draft, drafts)).find((one) => one !== null) ?? null;

  const add = () => {
    const key = Math.max(-1, ...entries.map((entry) => entry.key)) + 1;
    const draft = blankFilter(drafts.map((one) => wordOf(one, "name")));
    setEntries([...entries, { key, draft, isNew: true }]);
    setChosen(key);
  };
  const move = (at: number, by: -1 | 1) => {
    const moved = [...entries];
    moved.splice(at + by, 0, ...moved.splice(at, 1));
    setEntries(moved);
  };
  const remove = (at: number) => {
    const left = entries.filter((_, index) => index !== at);
    const gone = wordOf(entries[at]?.draft ?? {}, "name");
    setEntries(left.map((entry) => ({ ...entry, draft: withoutDependence(entry.draft, gone) })));
    if (entries[at]?.key === chosen) setChosen(left[Math.min(at, left.length - 1)]?.key);
  };
  const change = (draft: FilterDraft) => {
    const before = current && wordOf(current.draft, "name");
    const after = wordOf(draft, "name");
    setEntries(
      entries.map((entry) => {
        if (entry.key === chosen) return { ...entry, draft };
        return before && before !== after
          ? { ...entry, draft: withRenamedDependence(entry.draft, before, after) }
          : entry;
      }),
    );
  };
  const apply = () => {
    if (problem) return;
    onApply(drafts.map((draft) => ({ ...tidyFilter(draft) })));
    onClose();
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title={t.title}
      size="min(980px, 96vw)"
      classNames={{ body: classes.body }}
    >
      <div className={classes.panes}>
        <div className={classes.list}>
          {entries.length === 0 && (
            <div className={classes.none}>
              <strong>{t.none}</strong>
              <p>{t.noneWhy}</p>
            </div>
          )}
          <ol>
            {entries.map(({ key, draft }, at) => {
              const name = wordOf(draft, "label") || wordOf(draft, "name") || t.unnamed;
              const isWrong = filterProblem(draft, drafts) !== null;
              return (
                <li key={key} data-chosen={key === chosen || undefined} data-wrong={isWrong || undefined}>
                  <button type="button" onClick={() => setChosen(key)} aria-current={key === chosen}>
                    <span>{name}</span>
                    <small>{t.types[typeOf(draft)]}</small>
                  </button>
                  <Tool label={t.up(name)} isOff={at === 0} onClick={() => move(at, -1)}>
                    <IconArrowUp size={14} />
                  </Tool>
                  <Tool label={t.down(name)} isOff={at === entries.length - 1} onClick={() => move(at, 1)}>
                    <IconArrowDown size={14} />
                  </Tool>
                  <Tool label={t.remove(name)} onClick={() => remove(at)}>
                    <IconTrash size={14} />
                  </Tool>
                </li>
              );
            })}
          </ol>
          <Button variant="default" size="xs" leftSection={<IconFilterPlus size={15} />} onClick={add}>
            {t.add}
          </Button>
        </div>
        {current && (
          <FilterForm
            key={current.key}
            draft={current.draft}
            isNew={current.isNew}
            others={drafts.filter((draft) => draft !== current.draft)}
            tiles={tiles}
            onChange={change}
          />
        )}
      </div>
      <Group justify="flex-end" className={classes.foot}>
        <Text size="sm" c="dimmed" role="status" mr="auto">
          {problem}
        </Text>
        <Button variant="default" onClick={onClose}>
          {t.cancel}
        </Button>
        <Button onClick={apply} disabled={problem !== null}>
          {t.apply}
        </Button>
      </Group>
    </Modal>
  );
}

interface ToolProps {
  label: string;
  isOff?: boolean;
  onClick: () => void;
  children: React.ReactNode;
}

function Tool({ label, isOff = false, onClick, children }: ToolProps) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={26}
      aria-label={label}
      title={label}
      disabled={isOff}
      onClick={onClick}
    >
      {children}
    </ActionIcon>
  );
}

function dependences(draft: FilterDraft): string[] {
  const { depends_on } = draft;
  return Array.isArray(depends_on) ? depends_on.map(String) : [];
}

function withoutDependence(draft: FilterDraft, name: string): FilterDraft {
  const names = dependences(draft);
  return names.includes(name) ? { ...draft, depends_on: names.filter((one) => one !== name) } : draft;
}

function withRenamedDependence(draft: FilterDraft, before: string, after: string): FilterDraft {
  const names = dependences(draft);
  if (!names.includes(before)) return draft;
  return { ...draft, depends_on: names.map((one) => (one === before ? after : one)) };
}
