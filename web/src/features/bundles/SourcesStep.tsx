/** The second step: which datasource takes the place of each that the file names. */

import { Button, Group, Select, Text } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Mapping } from "@/api/queries/bundles";
import { datasourcesQuery } from "@/api/queries/datasources";
import type { Preflight, RequiredSource } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { candidates, isMapped } from "./bundle";
import classes from "./bundles.module.css";
import { Refused } from "./Refused";
import { useBundlesText } from "./text";

interface Props {
  preflight: Preflight;
  mapping: Mapping;
  isChecking: boolean;
  error: Error | null;
  onMap: (ref: string, datasourceId: string) => void;
  onBack: () => void;
  onNext: () => void;
  children: ReactNode;
}

export function SourcesStep(props: Props) {
  const { preflight, mapping, isChecking, error, onMap, onBack, onNext, children } = props;
  const common = useCommon();
  const t = useBundlesText();
  const required = preflight.required_datasources;
  const isReady = isMapped(preflight, mapping) && preflight.problems.length === 0 && !error && !isChecking;
  return (
    <>
      <Text size="sm" c="dimmed">
        {required.length > 0 ? t.mapWhy : t.noSources}
      </Text>
      <div className={classes.sources}>
        {required.map((source) => (
          <SourceRow
            key={source.ref}
            source={source}
            chosen={mapping[source.ref] ?? null}
            onChoose={(id) => onMap(source.ref, id)}
          />
        ))}
      </div>
      {error ? <Refused error={error} /> : children}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="subtle" color="gray" onClick={onBack}>
          {common.back}
        </Button>
        <Button onClick={onNext} disabled={!isReady} loading={isChecking}>
          {t.next}
        </Button>
      </Group>
    </>
  );
}

interface RowProps {
  source: RequiredSource;
  chosen: string | null;
  onChoose: (id: string) => void;
}

function SourceRow({ source, chosen, onChoose }: RowProps) {
  const t = useBundlesText();
  const { data: sources = [] } = useQuery(datasourcesQuery);
  const data = candidates(sources, source.type).map((one) => ({
    value: one.id,
    label: one.type === source.type ? one.name : `${one.name} (${one.type}, ${t.otherType})`,
  }));
  return (
    <div className={classes.source}>
      <div className={classes.sourceName}>
        <Text size="sm" fw={560}>
          {source.name}
        </Text>
        <Text size="xs" c="dimmed">
          {source.type}
        </Text>
      </div>
      <IconArrowRight size={18} aria-hidden="true" />
      <Select
        aria-label={`${source.name}: ${t.pick}`}
        placeholder={t.pick}
        data={data}
        value={chosen}
        onChange={(id) => id && onChoose(id)}
        allowDeselect={false}
        searchable={data.length > 8}
      />
    </div>
  );
}
