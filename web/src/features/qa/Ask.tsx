/** A conversation about a dashboard: what was asked and answered, and the box for the next question. Fits any panel. */

import { Button, Group, Loader, Stack, Text, TextInput } from "@mantine/core";
import { IconArrowUp, IconHistory, IconPlayerStop, IconPlus } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { Dashboard } from "@/api/types";
import type { ViewState } from "@/interaction/state";
import { ErrorNote } from "@/ui/ErrorNote";
import { Exchanged } from "./Exchanged";
import { Past } from "./Past";
import { useQaText } from "./text";
import { useConversation } from "./useConversation";

interface Props {
  dashboard: Dashboard;
  /** Where an answer goes that becomes a tile. */
  pageId?: string;
  view: ViewState;
  onTile: (id: string) => void;
}

const TOOL = { size: "compact-xs", variant: "subtle", color: "gray" } as const;
const LOG = { flex: 1, minHeight: 0, overflowY: "auto", overscrollBehavior: "contain" } as const;

export function Ask({ dashboard, pageId, view, onTile }: Props) {
  const t = useQaText();
  const talk = useConversation(dashboard.id, view);
  const [typed, setTyped] = useState("");
  const [isPast, setPast] = useState(false);
  const box = useRef<HTMLInputElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const { exchanges, isWaiting } = talk;
  const mayEdit = dashboard.can_edit && !dashboard.is_archived;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever something is added, it comes into sight
  useEffect(() => {
    end.current?.scrollIntoView?.({ block: "nearest" });
  }, [exchanges]);
  useEffect(() => box.current?.focus(), []);

  const ask = (question: string) => {
    setPast(false);
    talk.ask(question);
    if (!isWaiting) setTyped("");
    box.current?.focus();
  };
  const begin = () => {
    setPast(false);
    talk.begin();
    box.current?.focus();
  };
  return (
    <Stack gap="sm" flex={1} mih={0}>
      <Group gap={4} ml={-8}>
        <Button
          {...TOOL}
          leftSection={<IconHistory size={15} />}
          aria-expanded={isPast}
          onClick={() => setPast(!isPast)}
        >
          {t.history}
        </Button>
        <Button
          {...TOOL}
          leftSection={<IconPlus size={15} />}
          disabled={exchanges.length === 0}
          onClick={begin}
        >
          {t.begin}
        </Button>
      </Group>
      <div style={LOG}>
        {isPast ? (
          <Past
            dashboardId={dashboard.id}
            current={talk.id}
            onOpen={(id) => {
              setPast(false);
              talk.open(id);
            }}
            onGone={(id) => id === talk.id && talk.begin()}
          />
        ) : (
          <>
            {talk.error !== undefined && <ErrorNote error={talk.error} />}
            {talk.isOpening && (
              <Group gap={8} role="status">
                <Loader size={14} />
                <Text size="sm" c="dimmed">
                  {t.opening}
                </Text>
              </Group>
            )}
            {exchanges.length === 0 && !talk.isOpening && (
              <Stack gap={6}>
                <Text size="sm" c="dimmed">
                  {mayEdit ? t.intro : t.introView}
                </Text>
                <Text size="sm" c="dimmed">
                  {t.examples}
                </Text>
              </Stack>
            )}
            <Stack gap="lg" role="log" aria-label={t.answers}>
              {exchanges.map((one, at) => (
                <Exchanged
                  key={one.id}
                  exchange={one}
                  dashboard={dashboard}
                  conversationId={talk.id}
                  pageId={pageId}
                  isLast={at === exchanges.length - 1}
                  isFiltered={Object.keys(view.filters).length + view.cross.length > 0}
                  onAsk={ask}
                  onTile={onTile}
                />
              ))}
            </Stack>
            <div ref={end} />
          </>
        )}
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isWaiting) ask(typed);
        }}
      >
        <Group gap={8} align="flex-end" wrap="nowrap">
          <TextInput
            ref={box}
            data-autofocus
            flex={1}
            label={t.question}
            placeholder={t.placeholder}
            value={typed}
            maxLength={1000}
            autoComplete="off"
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          {isWaiting ? (
            <Button variant="default" leftSection={<IconPlayerStop size={16} />} onClick={talk.stop}>
              {t.stop}
            </Button>
          ) : (
            <Button type="submit" leftSection={<IconArrowUp size={16} />} disabled={!typed.trim()}>
              {t.ask}
            </Button>
          )}
        </Group>
      </form>
    </Stack>
  );
}
