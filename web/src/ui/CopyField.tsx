/** A text to take away: shown whole, selected by one click, copied by a button. */

import { ActionIcon, TextInput, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useCommon } from "@/i18n/common";

export function CopyField({ value, label }: { value: string; label: string }) {
  const t = useCommon();
  const clipboard = useClipboard({ timeout: 2000 });
  return (
    <TextInput
      label={label}
      value={value}
      readOnly
      onFocus={(event) => event.currentTarget.select()}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
      rightSection={
        <Tooltip label={clipboard.copied ? t.copied : t.copy}>
          <ActionIcon variant="subtle" onClick={() => clipboard.copy(value)} aria-label={t.copy}>
            {clipboard.copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          </ActionIcon>
        </Tooltip>
      }
    />
  );
}
