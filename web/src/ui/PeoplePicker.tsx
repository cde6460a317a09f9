/** A field to find somebody by name, or a team, and take them at once. */

import { Loader, Select, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sentenceOf } from "@/api/client";
import { foundPeopleQuery, teamsQuery } from "@/api/queries/teams";
import { usePickerText } from "./peopleText";

export interface Found {
  id: string;
  kind: "user" | "team";
  name: string;
}

interface Props {
  label: string;
  placeholder: string;
  /** Those who are in already, and so are not offered. */
  without: readonly string[];
  withTeams?: boolean;
  disabled?: boolean;
  onFound: (found: Found) => void;
}

export function PeoplePicker({ label, placeholder, without, withTeams = false, disabled, onFound }: Props) {
  const t = usePickerText();
  const [text, setText] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [asked] = useDebouncedValue(text.trim(), 150);
  const people = useQuery({ ...foundPeopleQuery(asked), enabled: isOpen });
  const teams = useQuery({ ...teamsQuery, enabled: isOpen && withTeams });
  const isFree = ({ id }: { id: string }) => !without.includes(id);
  const foundTeams = (teams.data ?? []).filter((team) => isFree(team) && holds(team.name, text));
  const foundPeople = (people.data ?? []).filter(isFree);
  const asides = new Map([
    ...foundTeams.map((team) => [team.id, t.members(team.member_count)] as const),
    ...foundPeople.map((person) => [person.id, person.email ?? ""] as const),
  ]);
  const peopleItems = foundPeople.map(({ id, name, email }) => ({ value: id, label: name || email || id }));
  const teamItems = foundTeams.map(({ id, name }) => ({ value: id, label: name }));
  const take = (id: string | null) => {
    const team = foundTeams.find((one) => one.id === id);
    const item = peopleItems.find((one) => one.value === id);
    if (team) onFound({ id: team.id, kind: "team", name: team.name });
    else if (item) onFound({ id: item.value, kind: "user", name: item.label });
    setText("");
  };
  const failure = people.error ?? teams.error;
  return (
    <Select
      label={label}
      placeholder={placeholder}
      searchable
      value={null}
      onChange={take}
      searchValue={text}
      onSearchChange={setText}
      onDropdownOpen={() => setOpen(true)}
      disabled={disabled}
      error={failure ? sentenceOf(failure) : undefined}
      // The server has searched; what it found is not sifted again.
      filter={({ options }) => options}
      data={
        withTeams
          ? [
              { group: t.teams, items: teamItems },
              { group: t.people, items: peopleItems },
            ].filter((group) => group.items.length > 0)
          : peopleItems
      }
      renderOption={({ option }) => (
        <div>
          <Text size="sm">{option.label}</Text>
          {asides.get(option.value) && (
            <Text size="xs" c="dimmed">
              {asides.get(option.value)}
            </Text>
          )}
        </div>
      )}
      nothingFoundMessage={people.isPending || people.isFetching ? <Loader size="xs" /> : t.nobody}
      maxDropdownHeight={260}
      comboboxProps={{ withinPortal: true }}
      rightSection={null}
      autoComplete="off"
    />
  );
}

function holds(name: string, typed: string): boolean {
  return name.toLocaleLowerCase().includes(typed.trim().toLocaleLowerCase());
}
