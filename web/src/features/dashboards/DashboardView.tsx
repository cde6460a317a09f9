/** A dashboard of the app: read, edited, or seen through another's eyes. */

import { Skeleton } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { dashboardQuery } from "@/api/queries/dashboards";
import type { StateSearch } from "@/interaction/address";
import { useMedia, useTitle } from "@/lib/hooks";
import type { DashboardSearch } from "@/lib/url";
import type { Body, Editor } from "./body";
import { type HeaderProps, Reading } from "./Reading";
import { useDashboardText } from "./text";
import { ViewHeader } from "./ViewHeader";
import classes from "./view.module.css";

const ViewAs = lazy(() => import("../view-as").then((module) => ({ default: module.ViewAs })));

interface Props {
  id: string;
  search: DashboardSearch & StateSearch;
  /** Changes what the URL says; a step that Back should undo is pushed. */
  onSearch: (change: Partial<DashboardSearch & StateSearch>, push?: boolean) => void;
  onLeave: (to: { id: string } | null) => void;
  Body: Body;
  Editor: Editor;
}

/** Edit mode needs room to drag. */
const EDIT_QUERY = "(min-width: 1000px)";

export function DashboardView(props: Props) {
  const { data: dashboard } = useSuspenseQuery(dashboardQuery(props.id));
  const isRoomy = useMedia(EDIT_QUERY);
  const [initialTile, setInitialTile] = useState<string>();
  const mayEdit = dashboard.can_edit && !dashboard.is_archived && isRoomy;
  const isEditing = props.search.edit === 1 && mayEdit;
  useTitle(dashboard.name);

  const edit = (tileId?: string) => {
    setInitialTile(tileId);
    props.onSearch({ edit: 1, tile: undefined, as: undefined, full: undefined }, true);
  };
  const { search, onSearch, onLeave, Body } = props;
  const header = (told: HeaderProps) => (
    <ViewHeader
      {...told}
      onLeave={onLeave}
      onSeen={(seen) => onSearch({ seen, tile: undefined, full: undefined }, true)}
    />
  );
  const reading = { search, onSearch, header };
  if (search.seen) {
    return (
      <Suspense fallback={<ViewSkeleton />}>
        <ViewAs
          key={search.seen}
          dashboard={dashboard}
          userId={search.seen}
          Body={Body}
          onSeen={(seen) => onSearch({ seen })}
        >
          {(seen) => <Reading {...reading} dashboard={seen.dashboard} Body={seen.Body} seenIn={seen.data} />}
        </ViewAs>
      </Suspense>
    );
  }
  if (isEditing) {
    return (
      <Suspense fallback={<ViewSkeleton />}>
        <props.Editor
          dashboard={dashboard}
          initialTileId={initialTile}
          onDone={() => onSearch({ edit: undefined })}
        />
      </Suspense>
    );
  }
  return <Reading {...reading} dashboard={dashboard} onEdit={mayEdit ? edit : undefined} Body={Body} />;
}

export function ViewSkeleton() {
  const t = useDashboardText();
  const sizes = ["span 3", "span 3", "span 3", "span 3", "span 8", "span 4", "span 6", "span 6"];
  return (
    <div className={classes.view} role="status" aria-label={t.loadingDashboard}>
      <div className={classes.head}>
        <Skeleton h={26} w={280} maw="60%" />
      </div>
      <div className={classes.grid} style={{ "--row": "80px", "--gap": "16px" } as React.CSSProperties}>
        {sizes.map((span, index) => (
          <Skeleton
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
            key={index}
            style={{ gridColumn: span, gridRow: index < 4 ? "span 2" : "span 4" }}
            radius="md"
          />
        ))}
      </div>
    </div>
  );
}
