/** Which addresses a text tile may link to. */

const ALLOWED = new Set(["http:", "https:", "mailto:"]);

/** The address when it is http, https, mailto or relative to this server; undefined otherwise. */
export function safeLink(href: string | undefined): string | undefined {
  const text = href?.trim();
  if (!text) return undefined;
  try {
    const base = "https://relative.invalid";
    const url = new URL(text, base);
    if (!ALLOWED.has(url.protocol)) return undefined;
    // "//host" and "/\host" look relative and are not: they need their scheme written out.
    const isRelative = !/^[a-z][a-z0-9+.-]*:/i.test(text);
    return isRelative && url.origin !== base ? undefined : text;
  } catch {
    return undefined;
  }
}
