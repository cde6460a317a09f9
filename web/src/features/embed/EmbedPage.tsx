/** A dashboard in another site's frame, with the rights of whoever that site says is looking. */

import { Loader, Text, useMantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { ApiError, carry } from "@/api/client";
import { dashboardQuery } from "@/api/queries/dashboards";
import type { StateSearch } from "@/interaction/address";
import { useHeldFor, useTitle } from "@/lib/hooks";
import type { FrameSearch } from "@/lib/url";
import { ErrorNote } from "@/ui/ErrorNote";
import type { Body } from "../dashboards/body";
import { Reading } from "../dashboards/Reading";
import { FrameHeader } from "./FrameHeader";
import { allowedOrigins } from "./load";
import { Parent } from "./parent";
import { useSeen } from "./seen";
import { useEmbedText } from "./text";

type Search = FrameSearch & StateSearch;

interface Props {
  id: string;
  search: Search;
  onSearch: (change: Partial<Search>) => void;
  Body: Body;
}

const PATIENCE_MS = 8_000;
const CENTRED = { display: "grid", placeItems: "center", minHeight: 240, padding: 20 };

export function EmbedPage(props: Props) {
  const t = useEmbedText();
  const parent = useParent();
  if (parent === "alone") {
    return (
      <div style={CENTRED}>
        <Text c="dimmed" ta="center">
          {t.alone}
        </Text>
      </div>
    );
  }
  return parent === "asking" ? <Waiting /> : <Framed {...props} parent={parent} />;
}

function Framed({ parent, ...props }: Props & { parent: Parent }) {
  const t = useEmbedText();
  const whole = useRef<HTMLElement>(null);
  const isSilent = useHeldFor(useSyncExternalStore(parent.watch, parent.isWaiting), PATIENCE_MS);
  useLook(parent);
  useSeen();
  useEffect(() => {
    const { current } = whole;
    if (!current) return;
    const watch = new ResizeObserver(() => parent.tellHeight(current.getBoundingClientRect().height));
    watch.observe(current);
    return () => watch.disconnect();
  }, [parent]);
  return (
    <main ref={whole} style={{ display: "flow-root", "--t-top": "0px" } as React.CSSProperties}>
      {isSilent && (
        <Text size="sm" c="dimmed" ta="center" p="sm" role="status">
          {t.silent}
        </Text>
      )}
      <Shown {...props} isSilent={isSilent} />
    </main>
  );
}

function Shown({ id, search, onSearch, Body, isSilent }: Props & { isSilent: boolean }) {
  const { data, error, isFetching, refetch } = useQuery(dashboardQuery(id));
  useTitle(data?.name);
  // Whatever the reader may do elsewhere, here they read.
  const dashboard = useMemo(() => data && { ...data, can_edit: false, can_own: false }, [data]);
  if (dashboard) {
    return (
      <Reading
        dashboard={dashboard}
        search={search}
        onSearch={onSearch}
        header={(told) => <FrameHeader {...told} hasTitle={search.title !== 0} />}
        Body={Body}
        isFramed
      />
    );
  }
  if (error && !isFetching) return <Refused error={error} onRetry={() => void refetch()} />;
  return isSilent ? null : <Waiting />;
}

function Refused({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const t = useEmbedText();
  const status = error instanceof ApiError ? error.status : 0;
  const said =
    status === 401
      ? new Error(t.unknown(error.message))
      : status === 403 || status === 404
        ? new Error(t.notYours)
        : error;
  return (
    <div style={CENTRED}>
      <ErrorNote error={said} onRetry={onRetry} />
    </div>
  );
}

function Waiting() {
  const t = useEmbedText();
  return (
    <div style={CENTRED} role="status" aria-label={t.loading}>
      <Loader size="sm" />
    </div>
  );
}

/** The look that the site asks for, in this page only. */
function useLook(parent: Parent): void {
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => {
    parent.onLook = setColorScheme;
    return () => {
      parent.onLook = () => undefined;
    };
  }, [parent, setColorScheme]);
}

/** Who we are in the frame of, once we listen to them. */
function useParent(): "asking" | "alone" | Parent {
  const [found, setFound] = useState<"asking" | "alone" | Parent>("asking");
  useEffect(() => {
    let stop: (() => void) | undefined;
    let isGone = false;
    void allowedOrigins().then(
      (origins) => {
        if (isGone) return;
        if (window.parent === window || origins.length === 0) return setFound("alone");
        const parent = new Parent(origins);
        stop = parent.listen();
        carry(parent);
        setFound(parent);
      },
      () => setFound("alone"),
    );
    return () => {
      isGone = true;
      stop?.();
    };
  }, []);
  return found;
}
