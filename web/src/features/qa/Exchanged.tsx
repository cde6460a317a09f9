/** One question and its answer: the sentence, its picture, its rows and SQL, what it rests on, what to ask next. */

import { Alert, Button, Group, Loader, Stack, Text } from "@mantine/core";
import { IconLayoutDashboard, IconLayoutGridAdd } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { dashboardChanged, deleteTile } from "@/api/queries/dashboards";
import type { Dashboard } from "@/api/types";
import { formatInteger } from "@/lib/format";
import { ErrorNote } from "@/ui/ErrorNote";
import { toastError, toastUndo } from "@/ui/toast";
import { Picture, RowsOf, SqlOf } from "./Shown";
import { type Answer, addAnswer, type Exchange } from "./talk";
import { useQaText } from "./text";

interface Props {
  exchange: Exchange;
  dashboard: Dashboard;
  conversationId: string | null;
  pageId?: string;
  /** Only the last answer says what to ask next. */
  isLast: boolean;
  isFiltered: boolean;
  onAsk: (question: string) => void;
  onTile: (id: string) => void;
}

const ANYWHERE = { overflowWrap: "anywhere" } as const;
const CHIP = { label: { fontWeight: 450 } };
const ASKED = {
  ...ANYWHERE,
  alignSelf: "flex-end",
  maxWidth: "88%",
  padding: "7px 12px",
  borderRadius: "12px 12px 3px 12px",
  background: "var(--t-accent-soft)",
} as const;

export function Exchanged(props: Props) {
  const t = useQaText();
  const { exchange, isLast, onAsk } = props;
  const { question, answer, state } = exchange;
  const followups = isLast && state === "whole" ? (answer.followups ?? []) : [];
  return (
    <Stack gap={10} component="section" aria-label={question}>
      {question && (
        <Text size="sm" fw={560} style={ASKED}>
          {question}
        </Text>
      )}
      <Answered {...props} />
      {state === "coming" && (
        <Group gap={8}>
          <Loader size={14} />
          <Text size="sm" c="dimmed">
            {t.stages[exchange.stage ?? "reading"]}
          </Text>
        </Group>
      )}
      {state === "failed" && <ErrorNote error={exchange.error} />}
      {state === "stopped" && <Quiet>{t.stopped}</Quiet>}
      {state === "withheld" && <Quiet>{t.withheld}</Quiet>}
      {followups.length > 0 && (
        <Group gap={6} role="group" aria-label={t.further}>
          {followups.map((one) => (
            <Button
              key={one}
              size="compact-sm"
              radius="xl"
              variant="default"
              styles={CHIP}
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

function Quiet({ children }: { children: string }) {
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  );
}

function Answered({ exchange, dashboard, conversationId, pageId, isFiltered, onTile }: Props) {
  const t = useQaText();
  const { answer, state } = exchange;
  if (state === "withheld") return null;
  const isWhole = state === "whole";
  const hasRows = (answer.rows?.length ?? 0) > 0;
  const zone = dashboard.time_zone ?? "UTC";
  return (
    <>
      {isWhole && !answer.is_answered && (
        <Text size="xs" fw={600} c="dimmed">
          {t.refused}
        </Text>
      )}
      {answer.text && (
        <Text size="sm" lang={answer.language} style={ANYWHERE}>
          {answer.text}
        </Text>
      )}
      {hasRows && <Picture answer={answer} title={exchange.question} timeZone={zone} />}
      {answer.warnings?.map((one) => (
        <Alert key={one} color="yellow" py={6} px={10}>
          {one}
        </Alert>
      ))}
      {hasRows && <RowsOf answer={answer} title={exchange.question} timeZone={zone} />}
      {answer.sql && <SqlOf sql={answer.sql} />}
      <Sources answer={answer} onTile={onTile} />
      <Fine answer={answer} isFiltered={isFiltered && isWhole} />
      {isWhole && answer.sql && conversationId && dashboard.can_edit && !dashboard.is_archived && (
        <Add
          answer={answer}
          dashboardId={dashboard.id}
          conversationId={conversationId}
          pageId={pageId}
          onTile={onTile}
        />
      )}
    </>
  );
}

function Sources({ answer, onTile }: { answer: Partial<Answer>; onTile: (id: string) => void }) {
  const t = useQaText();
  if (!answer.referenced_tiles?.length) return null;
  return (
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
  );
}

/** What one should know of how it was made. */
function Fine({ answer, isFiltered }: { answer: Partial<Answer>; isFiltered: boolean }) {
  const t = useQaText();
  const said = [
    ...(answer.sql && isFiltered ? [t.unfiltered] : []),
    ...(answer.notes ?? []),
    ...(answer.model ? [t.byModel(answer.model, formatInteger(answer.tokens ?? 0))] : []),
  ];
  return said.map((one) => (
    <Text key={one} size="xs" c="dimmed" style={ANYWHERE}>
      {one}
    </Text>
  ));
}

interface AddProps extends Pick<Props, "pageId" | "onTile"> {
  answer: Partial<Answer>;
  dashboardId: string;
  conversationId: string;
}

function Add({ answer, dashboardId, conversationId, pageId, onTile }: AddProps) {
  const t = useQaText();
  const client = useQueryClient();
  const [isAdding, setAdding] = useState(false);
  const add = async () => {
    setAdding(true);
    try {
      const { id, title } = await addAnswer(dashboardId, conversationId, answer, pageId);
      await dashboardChanged(client);
      toastUndo(t.added(title), () => {
        deleteTile(dashboardId, id)
          .then(() => dashboardChanged(client))
          .catch(toastError);
      });
      onTile(id);
    } catch (error) {
      toastError(error);
    } finally {
      setAdding(false);
    }
  };
  return (
    <Button
      size="xs"
      variant="light"
      leftSection={<IconLayoutGridAdd size={15} />}
      loading={isAdding}
      onClick={add}
      style={{ alignSelf: "start" }}
    >
      {t.add}
    </Button>
  );
}
