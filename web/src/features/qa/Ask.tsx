/** A box for questions and what was answered, each answer with the tiles that it rests on. Fits into any panel. */

import { Button, Group, Loader, Stack, Text, TextInput } from "@mantine/core";
import { IconArrowUp, IconLayoutDashboard } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { QaAnswer } from "@/api/types";
import type { ViewState } from "@/interaction/state";
import { ErrorNote } from "@/ui/ErrorNote";
import { useQaText } from "./text";
import { type Exchange, useQuestions } from "./useQuestions";

interface Props {
  dashboardId: string;
  view: ViewState;
  onTile: (id: string) => void;
  onRefresh: () => void;
}

export function Ask({ dashboardId, view, onTile, onRefresh }: Props) {
  const t = useQaText();
  const questions = useQuestions(dashboardId, view);
  const [typed, setTyped] = useState("");
  const box = useRef<HTMLInputElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const { exchanges } = questions;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever something is added, it comes into sight
  useEffect(() => {
    end.current?.scrollIntoView?.({ block: "nearest" });
  }, [exchanges]);
  useEffect(() => box.current?.focus(), []);

  const ask = (question: string) => {
    questions.ask(question);
    setTyped("");
    box.current?.focus();
  };
  return (
    <Stack gap="md">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          ask(typed);
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
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button
            type="submit"
            leftSection={<IconArrowUp size={16} />}
            disabled={!typed.trim() || questions.isWaiting}
          >
            {t.ask}
          </Button>
        </Group>
      </form>
      {exchanges.length === 0 && (
        <Text size="sm" c="dimmed">
          {t.intro}
        </Text>
      )}
      <Stack gap="lg" role="log" aria-label={t.answers}>
        {exchanges.map((one) => (
          <Exchanged key={one.id} exchange={one} onAsk={ask} onTile={onTile} onRefresh={onRefresh} />
        ))}
      </Stack>
      <div ref={end} />
      {exchanges.length > 0 && (
        <Button
          variant="subtle"
          color="gray"
          size="xs"
          onClick={questions.clear}
          style={{ alignSelf: "start" }}
        >
          {t.clear}
        </Button>
      )}
    </Stack>
  );
}

interface ExchangedProps extends Pick<Props, "onTile" | "onRefresh"> {
  exchange: Exchange;
  onAsk: (question: string) => void;
}

function Exchanged({ exchange, onAsk, onTile, onRefresh }: ExchangedProps) {
  const t = useQaText();
  const { question, answer, error } = exchange;
  return (
    <Stack gap={8} component="section" aria-label={question}>
      <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
        {question}
      </Text>
      {error !== undefined && <ErrorNote error={error} />}
      {!answer && error === undefined && (
        <Group gap={8}>
          <Loader size={14} />
          <Text size="sm" c="dimmed">
            {t.thinking}
          </Text>
        </Group>
      )}
      {answer && <Answered answer={answer} onTile={onTile} onRefresh={onRefresh} />}
      {answer && answer.suggested_followups.length > 0 && (
        <Group gap={6} role="group" aria-label={t.further}>
          {answer.suggested_followups.map((one) => (
            <Button
              key={one}
              size="compact-sm"
              radius="xl"
              variant="default"
              fw={400}
              onClick={() => onAsk(one)}
            >
              {one}
            </Button>
          ))}
        </Group>
      )}
    </Stack>
  );
}

function Answered({ answer, onTile, onRefresh }: Pick<Props, "onTile" | "onRefresh"> & { answer: QaAnswer }) {
  const t = useQaText();
  return (
    <>
      {!answer.answerable_from_visible && (
        <Text size="xs" fw={600} c="dimmed">
          {t.refused}
        </Text>
      )}
      <Text size="sm" lang={answer.language} style={{ overflowWrap: "anywhere" }}>
        {answer.answer}
      </Text>
      {answer.missing?.kind === "refresh" && (
        <Button size="xs" variant="light" onClick={onRefresh} style={{ alignSelf: "start" }}>
          {t.refresh}
        </Button>
      )}
      {answer.referenced_tiles.length > 0 && (
        <Group gap={6}>
          <Text size="xs" c="dimmed">
            {t.from}
          </Text>
          {answer.referenced_tiles.map((tile) => (
            <Button
              key={tile.tile_id}
              size="compact-xs"
              variant="light"
              leftSection={<IconLayoutDashboard size={13} />}
              title={tile.why}
              aria-label={t.showTile(tile.title)}
              onClick={() => onTile(tile.tile_id)}
            >
              {tile.title}
            </Button>
          ))}
        </Group>
      )}
    </>
  );
}
