/** What a metric is made of, and what stands on it: a small picture, and the same as links. */

import { Skeleton, Text } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type Lineage, lineageQuery, type Metric, metricsQuery, namedIn } from "@/api/queries/metrics";
import { ErrorNote } from "@/ui/ErrorNote";
import { Section } from "@/ui/Section";
import { edgesOf, type Graph, layOut, NODE } from "./lineage";
import { useMetricText } from "./text";

const MOST_METRICS = 6;
const MOST_TILES = 8;

export function LineageSection({ metric }: { metric: Metric }) {
  const t = useMetricText();
  const lineage = useQuery(lineageQuery(metric.name));
  if (lineage.isError) return <ErrorNote error={lineage.error} onRetry={() => lineage.refetch()} />;
  if (!lineage.data) return <Skeleton h={160} radius="lg" />;
  const { formula_of, metrics, tiles } = lineage.data;
  const isUsed = metrics.length + tiles.length > 0;
  return (
    <Section title={t.usedBy}>
      {(isUsed || formula_of.length > 0) && <Picture metric={metric} lineage={lineage.data} />}
      {!isUsed && (
        <Text size="sm" c="dimmed">
          {t.notUsed}
        </Text>
      )}
      <Names label={t.madeOf} names={formula_of} />
      <Names label={t.above} names={metrics} />
      {tiles.length > 0 && (
        <div>
          <Text size="sm" c="dimmed" mt="sm">
            {t.tiles}
          </Text>
          {tiles.map((tile) => (
            <Text key={tile.tile_id} size="sm">
              <Link
                to="/dashboards/$id"
                params={{ id: tile.dashboard_id }}
                search={{ tile: tile.tile_id }}
                className="t-link"
              >
                {tile.title}
              </Link>{" "}
              <Text span c="dimmed" size="xs">
                {tile.dashboard_name}
              </Text>
            </Text>
          ))}
        </div>
      )}
    </Section>
  );
}

function Names({ label, names }: { label: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <Text size="sm" c="dimmed" mt="sm">
      {label}:{" "}
      {names.map((name, index) => (
        <span key={name}>
          {index > 0 && ", "}
          <Link to="/catalogue/$name" params={{ name }} className="t-link">
            {name}
          </Link>
        </span>
      ))}
    </Text>
  );
}

function Picture({ metric, lineage }: { metric: Metric; lineage: Lineage }) {
  const t = useMetricText();
  const { data: all = [] } = useQuery(metricsQuery);
  const above = lineage.metrics.slice(0, MOST_METRICS);
  const tiles = lineage.tiles.slice(0, MOST_TILES);
  const others = useQueries({ queries: above.map((name) => lineageQuery(name)) });
  const graph: Graph = {
    below: [...lineage.formula_of],
    own: metric.name,
    above,
    tiles: tiles.map((tile) => ({ id: tile.tile_id, title: tile.title })),
    edges: edgesOf(
      metric.name,
      lineage.formula_of,
      above.map((name, index) => ({
        name,
        of: namedIn(all.find((one) => one.name === name)?.formula),
        tiles: (others[index]?.data?.tiles ?? []).map((tile) => tile.tile_id),
      })),
      tiles.map((tile) => tile.tile_id),
    ),
  };
  const { nodes, lines, width, height } = layOut(graph);
  return (
    <div style={{ overflowX: "auto", marginBottom: 8 }}>
      <svg width={width} height={height} role="img" aria-label={t.picture} style={{ display: "block" }}>
        {lines.map((line) => (
          <path key={line} d={line} fill="none" stroke="var(--t-line-strong)" strokeWidth={1.5} />
        ))}
        {nodes.map(({ id, title, x, y, kind }) => (
          <g key={id} transform={`translate(${x} ${y})`}>
            <title>{title}</title>
            <rect
              width={NODE.width}
              height={NODE.height}
              rx={8}
              fill={kind === "own" ? "var(--t-accent-soft)" : "var(--t-ground)"}
              stroke={kind === "own" ? "var(--t-accent)" : "var(--t-line-strong)"}
            />
            <text x={12} y={NODE.height / 2 + 4.5} fontSize={13} fill="var(--t-text)">
              {title.length > 21 ? `${title.slice(0, 20)}…` : title}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}
