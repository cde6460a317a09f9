/** One person, found by a part of their name. */

import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { directoryQuery, type Someone } from "@/api/queries/directory";
import { useCommon } from "@/i18n/common";

interface Props {
  label: string;
  /** The label is said by screen readers only. */
  isQuiet?: boolean;
  placeholder?: string;
  value: string | null;
  /** Named also before the list is there. */
  current?: Someone;
  onChange: (id: string) => void;
  size?: "xs" | "sm";
  w?: number | string;
}

export function PersonSelect({ label, isQuiet, placeholder, value, current, onChange, size, w }: Props) {
  const common = useCommon();
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), 200);
  const { data: found = [] } = useQuery({ ...directoryQuery(search), placeholderData: keepPreviousData });
  const people = current && !found.some((one) => one.id === current.id) ? [current, ...found] : found;
  return (
    <Select
      size={size}
      w={w}
      label={isQuiet ? undefined : label}
      aria-label={isQuiet ? label : undefined}
      placeholder={placeholder}
      data={people.map((one) => ({ value: one.id, label: nameOf(one) }))}
      value={value}
      onChange={(id) => id && onChange(id)}
      // The server has searched already, in names and addresses.
      filter={({ options }) => options}
      onSearchChange={(text) => setTyped(people.some((one) => nameOf(one) === text) ? "" : text)}
      nothingFoundMessage={common.nothingFound}
      allowDeselect={false}
      searchable
    />
  );
}

export function nameOf({ name, email }: Pick<Someone, "name" | "email">): string {
  return name && email ? `${name} (${email})` : name || email || "";
}
