/** The questions of one sitting and their answers, in order; the newest question wins. */

import { useRef, useState } from "react";
import { post } from "@/api/client";
import type { QaAnswer } from "@/api/types";
import { viewBody } from "@/interaction/body";
import type { ViewState } from "@/interaction/state";
import { useLocale } from "@/lib/locale";

export interface Exchange {
  id: number;
  question: string;
  /** null while it is on its way. */
  answer: QaAnswer | null;
  error?: unknown;
}

export interface Questions {
  exchanges: readonly Exchange[];
  isWaiting: boolean;
  ask: (question: string) => void;
  clear: () => void;
}

export function useQuestions(dashboardId: string, view: ViewState): Questions {
  const language = useLocale();
  const [exchanges, setExchanges] = useState<readonly Exchange[]>([]);
  const next = useRef(0);
  const put = (id: number, change: Partial<Exchange>) =>
    setExchanges((all) => all.map((one) => (one.id === id ? { ...one, ...change } : one)));

  const ask = (typed: string) => {
    const question = typed.trim();
    if (!question) return;
    next.current += 1;
    const id = next.current;
    setExchanges((all) => [...all, { id, question, answer: null }]);
    post<QaAnswer>(`/api/dashboards/${dashboardId}/qa`, { question, language, ...viewBody(view) })
      .then((answer) => put(id, { answer }))
      .catch((error: unknown) => put(id, { error }));
  };
  return {
    exchanges,
    isWaiting: exchanges.some((one) => one.answer === null && one.error === undefined),
    ask,
    clear: () => setExchanges([]),
  };
}
