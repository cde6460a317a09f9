/** The first step: the file, and what is in it. */

import { Button, Group, Loader, Text } from "@mantine/core";
import { IconFileCheck, IconFileImport } from "@tabler/icons-react";
import { useState } from "react";
import type { Preflight } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { DropZone } from "@/ui/DropZone";
import { type BundleFile, MAX_BYTES, readBundle, type Unreadable } from "./bundle";
import classes from "./bundles.module.css";
import { Refused } from "./Refused";
import { useBundlesText } from "./text";

interface Props {
  file: BundleFile | undefined;
  preflight: Preflight | undefined;
  error: Error | null;
  isChecking: boolean;
  onFile: (file: BundleFile) => void;
  onNext: () => void;
}

export function FileStep({ file, preflight, error, isChecking, onFile, onNext }: Props) {
  const common = useCommon();
  const t = useBundlesText();
  const [problem, setProblem] = useState<Unreadable | null>(null);
  const take = async (chosen: File) => {
    if (chosen.size > MAX_BYTES) return setProblem("too-large");
    const read = readBundle(await chosen.text());
    if ("problem" in read) return setProblem(read.problem);
    setProblem(null);
    onFile({ name: chosen.name, bundle: read.bundle });
  };
  return (
    <>
      <DropZone
        icon={file ? <IconFileCheck size={32} stroke={1.4} /> : <IconFileImport size={32} stroke={1.4} />}
        title={file?.name ?? t.drop}
        hint={t.dropWhy}
        label={t.drop}
        choose={t.choose}
        accept=".json,application/json"
        onFile={(chosen) => void take(chosen)}
      />
      {problem && (
        <Text c="red" size="sm" mt="sm" role="alert">
          {t.unreadable[problem]}
        </Text>
      )}
      {!problem && isChecking && (
        <Group gap="xs" mt="md" role="status">
          <Loader size={16} />
          <Text size="sm">{t.checking}</Text>
        </Group>
      )}
      {!problem && error && !isChecking && <Refused error={error} />}
      {!problem && preflight && !isChecking && (
        <Group justify="space-between" mt="md" wrap="nowrap" align="flex-end">
          <div className={classes.summary}>
            <Text fw={620}>{preflight.name}</Text>
            <Text size="sm" c="dimmed">
              {t.counts(common.tileCount(preflight.tile_count), preflight.page_count, preflight.filter_count)}
            </Text>
          </div>
          <Button onClick={onNext} data-autofocus>
            {t.next}
          </Button>
        </Group>
      )}
    </>
  );
}
