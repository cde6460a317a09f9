/** The HTML that shows a public page inside another site. */

export interface EmbedLook {
  theme: "auto" | "light" | "dark";
  /** px */
  height: number;
}

/** `url` is the whole address of the public page. */
export function embedSnippet(url: string, title: string, { theme, height }: EmbedLook): string {
  const address = new URL(url);
  address.searchParams.set("embed", "1");
  if (theme !== "auto") address.searchParams.set("theme", theme);
  return [
    "<iframe",
    `  src="${escaped(address.href)}"`,
    `  title="${escaped(title)}"`,
    `  width="100%" height="${Math.round(height)}" loading="lazy"`,
    '  referrerpolicy="no-referrer" style="border: 0"',
    "></iframe>",
  ].join("\n");
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
