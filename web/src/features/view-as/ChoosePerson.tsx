/** Through whose eyes? */

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useCommon } from "@/i18n/common";
import { PersonSelect } from "@/ui/PersonSelect";
import { useViewAsText } from "./text";

export function ChoosePerson({ onChoose, onClose }: { onChoose: (id: string) => void; onClose: () => void }) {
  const common = useCommon();
  const t = useViewAsText();
  const [id, setId] = useState<string | null>(null);
  return (
    <Modal opened onClose={onClose} title={t.title}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t.why}
        </Text>
        <PersonSelect label={t.person} placeholder={t.choose} value={id} onChange={setId} />
        <Group justify="flex-end" gap="xs">
          <Button variant="subtle" color="gray" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button disabled={id === null} onClick={() => id && onChoose(id)}>
            {t.look}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
