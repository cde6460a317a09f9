/** The inside of a tile of a view, with what only the app knows: look, language, time zone. */

import { useComputedColorScheme } from "@mantine/core";
import { useMemo } from "react";
import type { BodyProps } from "@/features/dashboards/body";
import { TileBody } from "@/features/tiles";
import { useLocale } from "@/lib/locale";

export function TileBodyOfView({ tile, data, loading, timeZone, colorIndex, ...rest }: BodyProps) {
  const theme = useComputedColorScheme("light");
  const locale = useLocale();
  const zone = timeZone ?? "UTC";
  const ctx = useMemo(
    () => ({ theme, locale, timeZone: zone, colorIndex }),
    [theme, locale, zone, colorIndex],
  );
  return <TileBody tile={tile} data={data ?? undefined} loading={loading} ctx={ctx} {...rest} />;
}
