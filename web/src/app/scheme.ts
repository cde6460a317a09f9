/** Light or dark: the reader's own choice, remembered; inside another site, what that site asks for. */
import { localStorageColorSchemeManager, type MantineColorSchemeManager } from "@mantine/core";
import { readPublicSearch } from "@/lib/url";

/** index.html reads the same before the first paint. */
const PUBLIC = /^\/(dashboards\/shared|embed)\//;

export function schemeManagerFor({
  pathname,
  search,
}: Pick<Location, "pathname" | "search">): MantineColorSchemeManager {
  const own = localStorageColorSchemeManager({ key: "tesela.scheme" });
  const { theme } = readPublicSearch(Object.fromEntries(new URLSearchParams(search)));
  // In another site's frame nothing is remembered: that site says how it looks, or the browser does.
  const isFramed = pathname.startsWith("/embed/");
  if (!isFramed && (!theme || !PUBLIC.test(pathname))) return own;
  return {
    get: (usual) => theme ?? usual,
    set: () => undefined,
    subscribe: () => undefined,
    unsubscribe: () => undefined,
    clear: () => undefined,
  };
}
