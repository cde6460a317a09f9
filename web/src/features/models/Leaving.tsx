/** What leaves the server, as it is set now, in plain words. */

import { Alert } from "@mantine/core";
import { IconShieldCheck, IconSparkles, IconTableExport } from "@tabler/icons-react";
import type { ModelSettings } from "@/api/types";
import { useModelText } from "./text";

/** Where questions go, for people: the host of the address, else the provider. */
export function hostOf({ base_url, provider }: Pick<ModelSettings, "base_url" | "provider">): string {
  const own = { openai: "OpenAI", anthropic: "Anthropic" }[provider];
  if (!base_url) return own;
  try {
    return new URL(base_url).host;
  } catch (error) {
    if (error instanceof TypeError) return base_url;
    throw error;
  }
}

const SENT = { margin: "4px 0 0", paddingLeft: 18 };

export function Leaving({ settings }: { settings: ModelSettings }) {
  const t = useModelText();
  if (!settings.is_enabled) {
    return (
      <Alert color="teal" icon={<IconShieldCheck size={18} />} title={t.off} mb="lg">
        {t.offWhy}
      </Alert>
    );
  }
  const { metadata_only: isMetadata } = settings;
  return (
    <Alert
      color={isMetadata ? "teal" : "yellow"}
      icon={isMetadata ? <IconSparkles size={18} /> : <IconTableExport size={18} />}
      title={isMetadata ? t.onMetadata : t.onRows}
      mb="lg"
    >
      {t.sentTo(hostOf(settings))}
      <ul style={SENT}>
        <li>{t.sendsWords}</li>
        <li>{isMetadata ? t.sendsNoRow : t.sendsRows}</li>
        <li>{t.sendsNever}</li>
      </ul>
    </Alert>
  );
}
