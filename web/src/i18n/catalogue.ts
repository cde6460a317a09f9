/**
 * Messages in two languages, checked by the compiler: the English object is the type, so a missing or unknown
 * Spanish key, or a missing variable, does not build. A feature that is loaded later brings its own catalogue:
 *
 *     const useText = catalogue({ rows: (n: number) => plural(n, "row", "rows") }, { rows: (n) => ... });
 */
import { getLocale, type Locale, useLocale } from "@/lib/locale";

export interface Catalogue<M> {
  /** The messages of the current language; renders again when it changes. */
  (): M;
  /** The same, outside React. */
  now(): M;
}

export function catalogue<M extends object>(en: M, es: NoInfer<M>): Catalogue<M> {
  const messages: Record<Locale, M> = { en, es };
  const useMessages = () => messages[useLocale()];
  return Object.assign(useMessages, { now: () => messages[getLocale()] });
}

const rules = { en: new Intl.PluralRules("en"), es: new Intl.PluralRules("es") };

/** The word that goes with a number: plural(1, "tile", "tiles") -> "tile" */
export function plural(count: number, one: string, other: string): string {
  return rules[getLocale()].select(count) === "one" ? one : other;
}
