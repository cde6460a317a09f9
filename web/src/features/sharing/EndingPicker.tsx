/** When the link ends: never, in so many days, or on a day. */

import { Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { exactly } from "@/lib/time";
import { DAYS, type Ending, tomorrow } from "./terms";
import { useSharingText } from "./text";

interface Props {
  ending: Ending;
  onEnding: (ending: Ending) => void;
  day: string;
  onDay: (day: string) => void;
  /** When it ends now (ISO 8601), where that is offered as a choice. */
  current?: string | null;
}

export function EndingPicker({ ending, onEnding, day, onDay, current }: Props) {
  const t = useSharingText();
  const [first] = useState(() => tomorrow(Date.now()));
  const data = [
    ...(current ? [{ value: "as-is", label: t.endsAt(exactly(current)) }] : []),
    { value: "never", label: t.endsNever },
    ...DAYS.map((days) => ({ value: String(days), label: t.endsIn(days) })),
    { value: "date", label: t.endsOn },
  ];
  return (
    <>
      <Select
        label={t.ends}
        data={data}
        value={ending}
        onChange={(value) => value && onEnding(value as Ending)}
        allowDeselect={false}
      />
      {ending === "date" && (
        <TextInput
          label={t.lastDay}
          type="date"
          min={first}
          value={day}
          onChange={(event) => onDay(event.currentTarget.value)}
        />
      )}
    </>
  );
}
