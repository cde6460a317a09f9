/** How far a metric can be trusted: its status, and whether an admin certified it. */

import { Badge } from "@mantine/core";
import { IconRosetteDiscountCheck } from "@tabler/icons-react";
import type { Metric } from "@/api/queries/metrics";
import { useMetricText } from "./text";

const COLORS = { draft: "gray", published: "teal", deprecated: "yellow" } as const;

export function Marks({ metric }: { metric: Pick<Metric, "status" | "certified"> }) {
  const t = useMetricText();
  return (
    <>
      {metric.certified && (
        <Badge
          size="sm"
          variant="light"
          tt="none"
          fw={560}
          leftSection={<IconRosetteDiscountCheck size={13} />}
        >
          {t.certified}
        </Badge>
      )}
      <Badge size="sm" variant="light" color={COLORS[metric.status]} tt="none" fw={560}>
        {t.status[metric.status]}
      </Badge>
    </>
  );
}
