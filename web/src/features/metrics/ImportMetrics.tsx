/** Metrics from a file: what would change is shown first. */

import { Badge, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { IconFileCode } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { keys } from "@/api/keys";
import { applyMetrics } from "@/api/queries/metrics";
import { useCommon } from "@/i18n/common";
import { DropZone } from "@/ui/DropZone";
import { ErrorNote } from "@/ui/ErrorNote";
import { toast } from "@/ui/toast";
import { Impact } from "./Impact";
import { useMetricText } from "./text";

const COLORS: Record<string, string> = { created: "teal", updated: "yellow", unchanged: "gray" };

export function ImportMetrics({ onClose }: { onClose: () => void }) {
  const common = useCommon();
  const t = useMetricText();
  const client = useQueryClient();
  const trial = useMutation({
    mutationFn: async (file: File) => {
      const yaml = await file.text();
      return { yaml, name: file.name, found: (await applyMetrics(yaml, true)).metrics };
    },
  });
  const apply = useMutation({
    mutationFn: (yaml: string) => applyMetrics(yaml, false),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.metrics });
      toast({ message: t.applied, kind: "good" });
      onClose();
    },
  });
  const found = trial.data?.found ?? [];
  const count = found.filter((one) => one.action !== "unchanged").length;
  const uses = found.flatMap((one) => one.used_by);
  return (
    <Modal opened onClose={onClose} title={t.importTitle} size="lg">
      <Stack gap="md">
        <DropZone
          icon={<IconFileCode size={30} />}
          title={trial.data?.name ?? t.importDrop}
          hint={t.importHint}
          label={t.importLabel}
          choose={t.importChoose}
          accept=".yaml,.yml,.json"
          onFile={(file) => trial.mutate(file)}
        />
        {trial.isError && <ErrorNote error={trial.error} />}
        {apply.isError && <ErrorNote error={apply.error} />}
        {found.map((one) => (
          <div key={one.name}>
            <Group gap="sm">
              <code>{one.name}</code>
              <Badge size="sm" variant="light" color={COLORS[one.action]} tt="none">
                {t.actions[one.action as keyof typeof t.actions] ?? one.action}
              </Badge>
              {one.used_by.length > 0 && (
                <Text size="xs" c="dimmed">
                  {t.tileMoves(one.used_by.length)}
                </Text>
              )}
            </Group>
            {one.warnings.map((warning) => (
              <Text key={warning} size="xs" c="var(--t-warn)">
                {warning}
              </Text>
            ))}
          </div>
        ))}
        {uses.length > 0 && <Impact uses={uses} />}
        {trial.data && count === 0 && <Text size="sm">{t.nothingToApply}</Text>}
        <Group justify="flex-end" gap="xs">
          <Button variant="subtle" color="gray" onClick={onClose}>
            {common.cancel}
          </Button>
          {trial.data && count > 0 && (
            <Button loading={apply.isPending} onClick={() => apply.mutate(trial.data.yaml)}>
              {t.apply(count)}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
