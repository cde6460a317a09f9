/** What the server found when it looked at the tiles: problems, and what would not work. */
import { Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import type { Preflight } from "@/api/types";
import { countOf, findingsOf } from "./bundle";
import classes from "./bundles.module.css";
import { useBundlesText } from "./text";

export function Findings({ preflight, isChecking }: { preflight: Preflight; isChecking: boolean }) {
  const t = useBundlesText();
  const findings = findingsOf(preflight);
  const problems = countOf(findings, true);
  if (findings.length === 0) {
    return (
      <Text size="sm" className={classes.fits} data-old={isChecking || undefined}>
        <IconCircleCheck size={17} aria-hidden="true" /> {t.nothingFound}
      </Text>
    );
  }
  return (
    <div data-old={isChecking || undefined} className={classes.findings}>
      <Text size="sm" fw={600}>
        {t.found(problems, countOf(findings, false))}
      </Text>
      <Text size="sm" c="dimmed">
        {problems > 0 ? t.problemsWhy : t.warningsWhy}
      </Text>
      <ul>
        {findings.map(({ tile, isProblem, sentences }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: titles may be alike, and the list is never reordered
          <li key={at} data-problem={isProblem || undefined}>
            {isProblem ? <IconCircleX size={16} /> : <IconAlertTriangle size={16} />}
            <div>
              {tile !== null && <b>{tile}</b>}
              {sentences.map((sentence) => (
                <div key={sentence}>{sentence}</div>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
