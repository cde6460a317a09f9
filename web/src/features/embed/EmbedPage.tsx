/** A dashboard in another site's frame, with the rights of whoever that site says is looking. */

import { Center, Loader, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { carry } from "@/api/client";
import type { PublicSearch } from "@/lib/url";
import { ErrorNote } from "@/ui/ErrorNote";
import type { Body } from "../public/body";
import { Shown } from "../public/Shown";
import { allowedOrigins, embeddedQuery } from "./load";
import { Parent } from "./parent";
import { useEmbedText } from "./text";

interface Props {
  id: string;
  search: PublicSearch;
  onPage: (id: string | undefined) => void;
  Body: Body;
}

const MIN_SECONDS = 30;

export function EmbedPage(props: Props) {
  const t = useEmbedText();
  const state = useParent();
  if (state === "alone") {
    return (
      <Center mih="60vh" p="lg">
        <Text c="dimmed">{t.alone}</Text>
      </Center>
    );
  }
  return state === "ready" ? <Embedded {...props} /> : <Waiting />;
}

function Embedded({ id, search, onPage, Body }: Props) {
  const { data, error, isFetching, refetch } = useQuery({
    ...embeddedQuery(id, search.page),
    placeholderData: (former) => former,
    refetchInterval: ({ state }) => {
      const every = state.data?.structure.refresh_interval_seconds;
      return every ? Math.max(MIN_SECONDS, every) * 1000 : false;
    },
  });
  if (error && !isFetching) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Waiting />;
  return (
    <Shown page={data} search={{ ...search, embed: 1 }} onPage={onPage} Body={Body} isUnreached={false} />
  );
}

function Waiting() {
  const t = useEmbedText();
  return (
    <Center mih="60vh" role="status" aria-label={t.loading}>
      <Loader size="sm" />
    </Center>
  );
}

/** Whether we are in the frame of a site, and listen to it. */
function useParent(): "asking" | "ready" | "alone" {
  const [state, setState] = useState<"asking" | "ready" | "alone">("asking");
  useEffect(() => {
    let stop: (() => void) | undefined;
    let isGone = false;
    void allowedOrigins().then(
      (origins) => {
        if (isGone) return;
        if (window.parent === window || origins.length === 0) return setState("alone");
        const parent = new Parent(origins);
        stop = parent.listen();
        carry(parent);
        setState("ready");
      },
      () => setState("alone"),
    );
    return () => {
      isGone = true;
      stop?.();
    };
  }, []);
  return state;
}
