/** Dates, a person and a deed to narrow the audit by. */

import { Button, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { AuditSearch } from "@/api/queries/audit";
import { usersQuery } from "@/api/queries/people";
import { useLocale } from "@/lib/locale";
import { ACTIONS, sayAction } from "./actions";
import { useAuditText } from "./text";

interface Props {
  search: AuditSearch;
  isNarrowed: boolean;
  onSearch: (next: AuditSearch) => void;
}

export function AuditFilters({ search, isNarrowed, onSearch }: Props) {
  const t = useAuditText();
  const locale = useLocale();
  const { data: people = [] } = useQuery(usersQuery);
  const change = (part: AuditSearch) => {
    const next = Object.entries({ ...search, ...part }).filter(([, value]) => value);
    onSearch(Object.fromEntries(next));
  };
  // An action that came by the address, from a newer server perhaps, can be seen and taken away too.
  const actions = [...new Set<string>([...ACTIONS, ...(search.action ? [search.action] : [])])];
  return (
    <div style={BAR}>
      <TextInput
        type="date"
        label={t.from}
        value={search.from ?? ""}
        max={search.to}
        onChange={(event) => change({ from: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={t.to}
        value={search.to ?? ""}
        min={search.from}
        onChange={(event) => change({ to: event.currentTarget.value })}
      />
      <Select
        label={t.person}
        placeholder={t.anybody}
        searchable
        clearable
        data={people.map((person) => ({ value: person.id, label: person.name || person.email }))}
        value={search.person ?? null}
        onChange={(person) => change({ person: person ?? undefined })}
      />
      <Select
        label={t.action}
        placeholder={t.anything}
        searchable
        clearable
        data={actions.map((action) => ({ value: action, label: sayAction(action, locale) }))}
        value={search.action ?? null}
        onChange={(action) => change({ action: action ?? undefined })}
      />
      {isNarrowed && (
        <Button variant="subtle" color="gray" onClick={() => onSearch({})}>
          {t.clear}
        </Button>
      )}
    </div>
  );
}

const BAR = {
  display: "grid",
  gridTemplateColumns: "repeat(auto-fit, minmax(150px, 1fr))",
  alignItems: "end",
  gap: 12,
  marginBottom: 20,
};
