/** What failed, in the server's own sentence, and a way on. */

import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { sentenceOf } from "@/api/client";
import { useCommon } from "@/i18n/common";

export function ErrorNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useCommon();
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} role="alert">
      <Group justify="space-between" gap="sm" wrap="wrap">
        <Text size="sm">{sentenceOf(error)}</Text>
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {t.retry}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
