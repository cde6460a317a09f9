/** Arithmetic of other metrics. */

import { Textarea, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { metricsQuery } from "@/api/queries/metrics";
import type { MetricDraft } from "./draft";
import { MONO } from "./looks";
import { useMetricText } from "./text";

interface Props {
  draft: MetricDraft;
  onChange: (changes: Partial<MetricDraft>) => void;
}

export function FormulaFields({ draft, onChange }: Props) {
  const t = useMetricText();
  const { data: metrics = [] } = useQuery(metricsQuery);
  const others = metrics.filter((one) => one.name !== draft.name && one.status !== "deprecated").slice(0, 60);
  return (
    <>
      <Textarea
        label={t.formula}
        description={t.formulaWhy}
        placeholder={t.formulaHint}
        required
        withAsterisk={false}
        autosize
        minRows={2}
        spellCheck={false}
        styles={MONO}
        value={draft.formula ?? ""}
        onChange={(event) => onChange({ formula: event.currentTarget.value })}
      />
      <div style={{ display: "flex", flexWrap: "wrap", gap: 4, marginTop: 8 }}>
        {others.map((one) => (
          <UnstyledButton
            key={one.id}
            title={one.label ?? undefined}
            onClick={() => onChange({ formula: `${draft.formula ?? ""}{${one.name}}` })}
            px={8}
            py={3}
            fz={12.5}
            ff="monospace"
            bd="1px solid var(--t-line)"
            bg="var(--t-ground)"
            style={{ borderRadius: 6 }}
          >
            {`{${one.name}}`}
          </UnstyledButton>
        ))}
      </div>
    </>
  );
}
