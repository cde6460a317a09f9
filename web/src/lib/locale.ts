/** The language of the app: one value, remembered, and told to the page for screen readers. */
import { useSyncExternalStore } from "react";
import { recall, remember } from "./storage";

export const LOCALES = ["en", "es"] as const;
export type Locale = (typeof LOCALES)[number];

const KEY = "tesela.locale";
const listeners = new Set<() => void>();

function isLocale(value: string | null | undefined): value is Locale {
  return LOCALES.some((locale) => locale === value);
}

function firstLocale(): Locale {
  // In another site's frame it is the browser's, whatever was chosen in the app.
  const isFramed = typeof location !== "undefined" && location.pathname.startsWith("/embed/");
  const saved = isFramed ? null : recall(KEY);
  if (isLocale(saved)) return saved;
  const asked = typeof navigator === "undefined" ? undefined : navigator.language.slice(0, 2);
  return isLocale(asked) ? asked : "en";
}

let current: Locale = firstLocale();
if (typeof document !== "undefined") document.documentElement.lang = current;

export function getLocale(): Locale {
  return current;
}

export function setLocale(locale: Locale): void {
  current = locale;
  remember(KEY, locale);
  if (typeof document !== "undefined") document.documentElement.lang = locale;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLocale(): Locale {
  return useSyncExternalStore(subscribe, getLocale, getLocale);
}
