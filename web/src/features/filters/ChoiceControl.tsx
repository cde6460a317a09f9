/** Choosing one or several values from a list that the server may search. */

import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useId, useState } from "react";
import type { Scalar } from "@/interaction/codec";
import type { Option } from "@/interaction/filters";
import { ErrorNote } from "@/ui/ErrorNote";
import type { ControlProps } from "./FilterControl";
import classes from "./filters.module.css";
import { useFiltersText } from "./text";
import { useOptions } from "./useOptions";

/** Short lists of fixed choices need no search box. */
const FEW = 8;

export function ChoiceControl({ dashboardId, def, value, chosen, onChange, onDone }: ControlProps) {
  const t = useFiltersText();
  const group = useId();
  const [search, setSearch] = useState("");
  const [settled] = useDebouncedValue(search, def.options === "asked" ? 250 : 0);
  const { options, hasMore, isLoading, error } = useOptions(dashboardId, def, chosen, settled, true);
  const isMulti = def.type === "multi_select";
  const picked: readonly Scalar[] = Array.isArray(value)
    ? (value as readonly Scalar[])
    : value === null
      ? []
      : [value as Scalar];
  const isFew = Array.isArray(def.options) && def.options.length <= FEW;
  const pick = (option: Option) => {
    if (!isMulti) {
      onChange(option.value);
      onDone();
      return;
    }
    const without = picked.filter((one) => one !== option.value);
    onChange(without.length < picked.length ? without : [...picked, option.value]);
  };
  return (
    <div className={classes.choices}>
      {!isFew && (
        <TextInput
          size="sm"
          type="search"
          placeholder={t.search}
          aria-label={t.search}
          leftSection={<IconSearch size={15} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          data-autofocus
        />
      )}
      {error ? <ErrorNote error={error} /> : null}
      <fieldset className={classes.options} aria-label={def.label}>
        {options.map((option) => (
          <label key={String(option.value)} className={classes.option}>
            <input
              type={isMulti ? "checkbox" : "radio"}
              name={group}
              checked={picked.includes(option.value)}
              onChange={() => pick(option)}
              data-autofocus={isFew || undefined}
            />
            <span>{option.label}</span>
          </label>
        ))}
        {options.length === 0 && !isLoading && !error && <p className={classes.none}>{t.noChoice}</p>}
      </fieldset>
      {(hasMore || (isMulti && picked.length > 0)) && (
        <div className={classes.choiceFoot}>
          <span>{hasMore ? t.moreChoices : t.selected(picked.length)}</span>
          {picked.length > 0 && !def.required && (
            <button type="button" onClick={() => onChange(null)}>
              {t.clearChoice}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
