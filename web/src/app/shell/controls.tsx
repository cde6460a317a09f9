/** How the app looks: theme and language. */

import { type MantineColorScheme, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { useCommon } from "@/i18n/common";
import { type Locale, setLocale, useLocale } from "@/lib/locale";

export function SchemeControl() {
  const t = useCommon();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={t.theme}
      value={colorScheme}
      onChange={(value) => setColorScheme(value as MantineColorScheme)}
      data={[
        { value: "light", label: t.light },
        { value: "dark", label: t.dark },
        { value: "auto", label: "Auto" },
      ]}
    />
  );
}

export function LanguageControl() {
  const t = useCommon();
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={t.language}
      value={useLocale()}
      onChange={(value) => setLocale(value as Locale)}
      data={[
        { value: "en", label: "English" },
        { value: "es", label: "Español" },
      ]}
    />
  );
}
