/** A conversation as the server tells it, and as it comes in, event by event. Pure but for the asking. */

import { ApiError, del, get, OfflineError, post, send } from "@/api/client";
import { lines } from "@/api/ndjson";
import type { ChartConfig, ChartType, ColumnType, Row, Tile, TileType } from "@/api/types";
import type { ViewBody } from "@/interaction/body";

export interface Conversation {
  id: string;
  title: string;
  updated_at: string;
}

/** What an answer holds. While it comes in, part of it. */
export interface Answer {
  id: string;
  text: string;
  language: "en" | "es";
  is_answered: boolean;
  sql: string | null;
  columns: string[];
  types: Record<string, ColumnType>;
  rows: Row[] | null;
  row_count: number;
  truncated: boolean;
  tile_type: TileType | null;
  chart_type: ChartType | null;
  chart_config: ChartConfig;
  referenced_tiles: { tile_id: string; title: string; why: string }[];
  followups: string[];
  warnings: string[];
  notes: string[];
  model: string | null;
  tokens: number;
}

export type Stage = "reading" | "visible_rows" | "writing_sql" | "asking_model" | "running";

/** A question, and what came of it. */
export interface Exchange {
  id: string;
  question: string;
  answer: Partial<Answer>;
  state: "coming" | "whole" | "stopped" | "failed" | "withheld";
  stage?: Stage;
  error?: unknown;
}

export type Event =
  | { type: "status"; stage: Stage }
  | ({ type: "sql" | "rows" | "chart" | "text" } & Partial<Answer>)
  | { type: "done"; message: Answer }
  | { type: "error"; detail: string };

/** An exchange after one more event. */
export function heard(before: Exchange, event: Event): Exchange {
  if (event.type === "status") return { ...before, stage: event.stage };
  if (event.type === "done") return { ...before, answer: event.message, state: "whole" };
  if (event.type === "error")
    return { ...before, state: "failed", error: new ApiError(0, event.detail, { ...event }) };
  const { type: _type, ...part } = event;
  return { ...before, answer: { ...before.answer, ...part } };
}

interface Message extends Partial<Answer> {
  id: string;
  role: "user" | "assistant";
  text: string;
  is_withheld: boolean;
}

/** The messages of a conversation that is opened again. */
export function exchangesOf(messages: readonly Message[]): Exchange[] {
  return messages.flatMap((message, at) => {
    if (message.role !== "assistant") return [];
    const before = messages[at - 1];
    const question = before?.role === "user" ? before.text : "";
    return [{ id: message.id, question, answer: message, state: message.is_withheld ? "withheld" : "whole" }];
  });
}

const HOME = "/api/conversations";

export function conversationsOf(dashboardId: string, signal?: AbortSignal): Promise<Conversation[]> {
  return get<Conversation[]>(HOME, { dashboard_id: dashboardId, limit: 50 }, signal);
}

export async function readConversation(id: string): Promise<Exchange[]> {
  return exchangesOf((await get<{ messages: Message[] }>(`${HOME}/${id}`)).messages);
}

export function deleteConversation(id: string): Promise<void> {
  return del(`${HOME}/${id}`);
}

export async function beginConversation(dashboardId: string, signal: AbortSignal): Promise<string> {
  return (await post<Conversation>(HOME, { dashboard_id: dashboardId }, { signal })).id;
}

interface Said extends ViewBody {
  text: string;
  language: string;
}

/** Asks, and hands over what comes until the answer is whole. Ending the signal ends the query too. */
export async function say(
  id: string,
  body: Said,
  signal: AbortSignal,
  hear: (event: Event) => void,
): Promise<void> {
  const response = await send(`${HOME}/${id}/messages`, { method: "POST", body, signal });
  if (!response.body) throw new OfflineError();
  let isEnded = false;
  for await (const event of lines<Event>(response.body)) {
    hear(event);
    isEnded ||= event.type === "done" || event.type === "error";
  }
  if (!isEnded) throw new OfflineError();
}

/** The answer as a tile at the end of a page. */
export function addAnswer(
  dashboardId: string,
  conversationId: string,
  answer: Partial<Answer>,
  pageId: string | undefined,
): Promise<Tile> {
  const body = { conversation_id: conversationId, message_id: answer.id, page_id: pageId };
  return post<Tile>(`/api/dashboards/${dashboardId}/tiles/from-conversation`, body);
}
