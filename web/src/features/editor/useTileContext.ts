/** What a tile's inside must know of its surroundings. */

import { useComputedColorScheme } from "@mantine/core";
import { useMemo } from "react";
import { useLocale } from "@/lib/locale";
import type { TileContext } from "../tiles";

export function useTileContext(timeZone: string): TileContext {
  const theme = useComputedColorScheme("light");
  const locale = useLocale();
  return useMemo(() => ({ theme, locale, timeZone }), [theme, locale, timeZone]);
}
