/** Questions beside the dashboard: the tiles stay in sight and in reach. */

import { Drawer } from "@mantine/core";
import type { Dashboard } from "@/api/types";
import type { ViewState } from "@/interaction/state";
import { useMedia } from "@/lib/hooks";
import { Ask } from "./Ask";
import { showTile } from "./showTile";
import { useQaText } from "./text";

export { Ask } from "./Ask";

interface Props {
  dashboard: Dashboard;
  pageId?: string;
  view: ViewState;
  /** Goes to the page that a tile is on. */
  onPageOf: (tileId: string) => void;
  onClose: () => void;
}

const STYLES = {
  title: { fontWeight: 640 },
  content: { display: "flex", flexDirection: "column" },
  body: { display: "flex", flexDirection: "column", flex: 1, minHeight: 0 },
} as const;

export default function AskPanel({ dashboard, pageId, view, onPageOf, onClose }: Props) {
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
      size={isNarrow ? "100%" : 460}
      withOverlay={isNarrow}
      lockScroll={isNarrow}
      trapFocus={isNarrow}
      styles={STYLES}
    >
      <Ask dashboard={dashboard} pageId={pageId} view={view} onTile={toTile} />
    </Drawer>
  );
}
