/** The conversation beside a dashboard: its exchanges in order, one answer at a time, and the way to stop it. */

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { isAbort } from "@/api/client";
import { viewBody } from "@/interaction/body";
import type { ViewState } from "@/interaction/state";
import { newId } from "@/lib/ids";
import { useLocale } from "@/lib/locale";
import { beginConversation, type Exchange, heard, readConversation, say } from "./talk";

/** The conversation that was open last beside each dashboard: who closes the panel to look comes back to it. */
const lastOpen = new Map<string, string>();

export function conversationsKey(dashboardId: string) {
  return ["conversations", dashboardId] as const;
}

export interface Talk {
  /** null until something is asked. */
  id: string | null;
  exchanges: readonly Exchange[];
  /** Why a conversation could not be opened. */
  error: unknown;
  isOpening: boolean;
  isWaiting: boolean;
  ask: (question: string) => void;
  stop: () => void;
  begin: () => void;
  open: (id: string) => void;
}

export function useConversation(dashboardId: string, view: ViewState): Talk {
  const language = useLocale();
  const client = useQueryClient();
  const [id, setId] = useState<string | null>(null);
  const [exchanges, setExchanges] = useState<readonly Exchange[]>([]);
  const [opening, setOpening] = useState<string | null>(null);
  const [error, setError] = useState<unknown>();
  const running = useRef<AbortController | null>(null);
  const current = useRef<string | null>(null);
  const wanted = useRef<string | null>(null);

  const to = (next: string | null, shown: readonly Exchange[]) => {
    current.current = next;
    setId(next);
    setExchanges(shown);
    if (next) lastOpen.set(dashboardId, next);
    else lastOpen.delete(dashboardId);
  };
  const stop = () => {
    running.current?.abort();
    running.current = null;
  };
  const begin = () => {
    stop();
    wanted.current = null;
    setOpening(null);
    setError(undefined);
    to(null, []);
  };
  const read = (next: string, isAsked: boolean) => {
    begin();
    setOpening(next);
    wanted.current = next;
    readConversation(next)
      .then((shown) => wanted.current === next && to(next, shown))
      // What was open last may be gone; nobody asked for it.
      .catch((reason: unknown) => isAsked && wanted.current === next && setError(reason))
      .finally(() => wanted.current === next && setOpening(null));
  };
  const ask = (typed: string) => {
    const question = typed.trim();
    if (!question || running.current) return;
    wanted.current = null;
    const mine = new AbortController();
    running.current = mine;
    const key = newId();
    const put = (change: (one: Exchange) => Exchange) =>
      setExchanges((all) => all.map((one) => (one.id === key ? change(one) : one)));
    setExchanges((all) => [...all, { id: key, question, answer: {}, state: "coming", stage: "reading" }]);
    const asking = async () => {
      current.current ??= await beginConversation(dashboardId, mine.signal);
      const home = current.current;
      setId(home);
      lastOpen.set(dashboardId, home);
      const body = { text: question, language, ...viewBody(view) };
      await say(home, body, mine.signal, (event) => put((one) => heard(one, event)));
    };
    asking()
      .catch((reason: unknown) => {
        const isStopped = mine.signal.aborted || isAbort(reason);
        // What came in before is not kept by the server either.
        put((one) => ({ ...one, answer: {}, state: isStopped ? "stopped" : "failed", error: reason }));
      })
      .finally(() => {
        if (running.current === mine) running.current = null;
        void client.invalidateQueries({ queryKey: conversationsKey(dashboardId) });
      });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as the panel opens
  useEffect(() => {
    const last = lastOpen.get(dashboardId);
    if (last) read(last, false);
    return () => running.current?.abort();
  }, [dashboardId]);
  return {
    id,
    exchanges,
    error,
    isOpening: opening !== null,
    isWaiting: exchanges.some((one) => one.state === "coming"),
    ask,
    stop,
    begin,
    open: (next) => read(next, true),
  };
}
