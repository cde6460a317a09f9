/** One tile over the whole screen, as a chart or as a table. */

import { ActionIcon, Group, Modal, SegmentedControl, Text, Tooltip } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTileState } from "@/api/tile-data";
import type { Tile } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { formatDuration } from "@/lib/format";
import { useNow } from "@/lib/hooks";
import { ago, exactly } from "@/lib/time";
import { Crumbs } from "../clicks";
import type { Body } from "./body";
import { TileInside } from "./TileCard";
import { useDashboardText } from "./text";
import type { TileActions } from "./useTileActions";
import type { TileRuns } from "./useTileRuns";
import { useTileViewing, type Viewing } from "./useViewing";
import classes from "./view.module.css";

interface Props {
  tile: Tile;
  timeZone: string | null;
  asTable: boolean;
  runs: TileRuns;
  actions: TileActions;
  viewing: Viewing;
  Body: Body;
  onAsTable: (asTable: boolean) => void;
  onClose: () => void;
}

export function TileFull(props: Props) {
  const { tile, timeZone, asTable, runs, actions, viewing, Body, onAsTable, onClose } = props;
  const common = useCommon();
  const t = useDashboardText();
  const state = useTileState(runs.data, tile.id);
  const here = useTileViewing(tile, viewing, state.data);
  const isText = tile.tile_type === "text";
  const canBeTable = tile.tile_type === "chart" || tile.tile_type === "kpi";

  // A link may name a tile of another page, which the page's own stream does not run.
  useEffect(() => {
    const known = runs.data.tile(tile.id);
    if (!isText && known.data === null && known.startedAt === null) void runs.data.runTile(tile.id, false);
  }, [runs.data, tile.id, isText]);

  return (
    <Modal
      opened
      fullScreen
      radius={0}
      onClose={onClose}
      title={<FullTitle tile={tile} />}
      classNames={{ header: classes.fullHead, body: classes.fullBody, content: classes.fullContent }}
      transitionProps={{ duration: 0 }}
    >
      <Group justify="space-between" mb="sm" mih={32}>
        <Group gap="md">
          {here.path.length > 0 && <Crumbs path={here.path} onPath={here.onPath} />}
          <Facts runs={runs} tile={tile} />
        </Group>
        <Group gap="xs">
          {canBeTable && (
            <SegmentedControl
              size="xs"
              value={asTable ? "table" : "chart"}
              onChange={(value) => onAsTable(value === "table")}
              data={[
                { value: "chart", label: t.chart },
                { value: "table", label: t.table },
              ]}
            />
          )}
          {!isText && (
            <Tooltip label={common.refresh}>
              <ActionIcon
                variant="default"
                size={32}
                onClick={() => actions.refresh(tile)}
                aria-label={common.refresh}
              >
                <IconRefresh size={16} />
              </ActionIcon>
            </Tooltip>
          )}
        </Group>
      </Group>
      <div className={classes.fullInside}>
        <TileInside
          asTable={asTable && canBeTable}
          tile={tile}
          timeZone={timeZone}
          runs={runs}
          actions={actions}
          Body={Body}
          here={here}
          state={state}
        />
      </div>
    </Modal>
  );
}

function FullTitle({ tile }: { tile: Tile }) {
  const t = useDashboardText();
  const subtitle = tile.chart_config.subtitle;
  return (
    <>
      <Text fw={650} size="lg" component="span">
        {tile.title || t.untitled}
      </Text>
      {typeof subtitle === "string" && (
        <Text size="sm" c="dimmed" component="span" ml="sm">
          {subtitle}
        </Text>
      )}
    </>
  );
}

/** Rows, age and cost of the result. */
function Facts({ runs, tile }: { runs: TileRuns; tile: Tile }) {
  const common = useCommon();
  const t = useDashboardText();
  const now = useNow(15_000);
  const { data } = useTileState(runs.data, tile.id);
  if (!data?.executed_at) return <span />;
  const facts = [
    common.rowCount(data.row_count),
    t.computed(ago(data.executed_at, now)),
    formatDuration(data.duration_ms),
  ];
  if (data.cache === "cached") facts.push(t.fromCache);
  if (data.cache === "stale") facts.push(t.stale);
  return (
    <Text size="sm" c="dimmed" title={exactly(data.executed_at)} className="tnum">
      {facts.join(" · ")}
    </Text>
  );
}
