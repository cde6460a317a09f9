/** The columns that a policy hides, and how. */

import { ActionIcon, Group, Input, Select, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { Mask } from "@/api/queries/policies";
import { usePolicyText } from "./text";

const MASKS: Mask[] = ["partial", "hash", "redact", "null"];

interface Props {
  masks: Readonly<Record<string, Mask>>;
  columns: readonly string[];
  onChange: (masks: Record<string, Mask>) => void;
}

export function Masks({ masks, columns, onChange }: Props) {
  const t = usePolicyText();
  const free = columns.filter((column) => !(column in masks));
  const without = (column: string) => {
    const { [column]: _gone, ...others } = masks;
    onChange(others);
  };
  return (
    <Input.Wrapper label={t.masks} description={t.masksWhy} labelElement="div">
      {Object.entries(masks).map(([column, mask]) => (
        <Group key={column} gap="xs" mt={6} wrap="nowrap">
          <Text size="sm" flex={1} truncate>
            {column}
          </Text>
          <Select
            size="xs"
            w={230}
            aria-label={t.maskOf(column)}
            data={MASKS.map((one) => ({ value: one, label: t.mask[one] }))}
            value={mask}
            onChange={(next) => next && onChange({ ...masks, [column]: next as Mask })}
            allowDeselect={false}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t.unmask(column)}
            onClick={() => without(column)}
          >
            <IconX size={16} />
          </ActionIcon>
        </Group>
      ))}
      {free.length > 0 && (
        <Select
          mt={6}
          size="xs"
          aria-label={t.addMask}
          placeholder={t.addMask}
          data={free}
          value={null}
          onChange={(column) => column && onChange({ ...masks, [column]: "redact" })}
          searchable
        />
      )}
    </Input.Wrapper>
  );
}
