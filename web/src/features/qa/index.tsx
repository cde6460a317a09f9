/** Questions beside the dashboard: the tiles stay in sight and in reach. */

import { Drawer } from "@mantine/core";
import type { ViewState } from "@/interaction/state";
import { useMedia } from "@/lib/hooks";
import { Ask } from "./Ask";
import { showTile } from "./showTile";
import { useQaText } from "./text";

export { Ask } from "./Ask";

interface Props {
  dashboardId: string;
  view: ViewState;
  /** Goes to the page that a tile is on. */
  onPageOf: (tileId: string) => void;
  onRefresh: () => void;
  onClose: () => void;
}

const TITLE = { title: { fontWeight: 640 } };

export default function AskPanel({ dashboardId, view, onPageOf, onRefresh, onClose }: Props) {
  const t = useQaText();
  const isNarrow = useMedia("(max-width: 700px)");
  const toTile = (id: string) => {
    if (isNarrow) onClose();
    onPageOf(id);
    void showTile(id);
  };
  return (
    <Drawer
      opened
      onClose={onClose}
      title={t.title}
      position="right"
      size={isNarrow ? "100%" : 420}
      withOverlay={isNarrow}
      lockScroll={isNarrow}
      trapFocus={isNarrow}
      styles={TITLE}
    >
      <Ask dashboardId={dashboardId} view={view} onTile={toTile} onRefresh={onRefresh} />
    </Drawer>
  );
}
