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
  if (!theme || !PUBLIC.test(pathname)) return own;
  return {
    get: () => theme,
    set: () => undefined,
    subscribe: () => undefined,
    unsubscribe: () => undefined,
    clear: () => undefined,
  };
}
