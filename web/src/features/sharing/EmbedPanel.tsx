/** The HTML for another site, and what must be so for it to work. */

import { Alert, Button, Group, NumberInput, Select, Text } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy, IconInfoCircle } from "@tabler/icons-react";
import { useState } from "react";
import type { Dashboard, Link } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { type EmbedLook, embedSnippet } from "./embed";
import { addressOf } from "./LinkOn";
import classes from "./sharing.module.css";
import { useSharingText } from "./text";

const SETTING = "TESELA_EMBED_ORIGINS";
const MIN_HEIGHT = 200;
const MAX_HEIGHT = 4000;

export function EmbedPanel({ dashboard, link }: { dashboard: Dashboard; link: Link }) {
  const common = useCommon();
  const t = useSharingText();
  const clipboard = useClipboard({ timeout: 2000 });
  const [look, setLook] = useState<EmbedLook>({ theme: "auto", height: 800 });
  if (!link.is_public) return <Text size="sm">{t.embedOff}</Text>;
  const html = embedSnippet(addressOf(link), dashboard.name, look);
  const themes = Object.entries(t.themes).map(([value, label]) => ({ value, label }));
  return (
    <>
      <Text size="sm" c="dimmed">
        {t.embedWhy}
      </Text>
      <div className={classes.terms}>
        <Select
          label={t.theme}
          data={themes}
          value={look.theme}
          onChange={(theme) => theme && setLook({ ...look, theme: theme as EmbedLook["theme"] })}
          allowDeselect={false}
        />
        <NumberInput
          label={t.height}
          value={look.height}
          onChange={(value) => typeof value === "number" && setLook({ ...look, height: value })}
          min={MIN_HEIGHT}
          max={MAX_HEIGHT}
          step={50}
          suffix=" px"
          allowDecimal={false}
        />
      </div>
      <pre className={classes.html}>{html}</pre>
      <Group justify="flex-end" mt="xs">
        <Button
          size="xs"
          variant="default"
          leftSection={clipboard.copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
          onClick={() => clipboard.copy(html)}
        >
          {clipboard.copied ? common.copied : common.copy}
        </Button>
      </Group>
      <Alert mt="md" variant="light" icon={<IconInfoCircle size={18} />}>
        {t.origins(SETTING)}
        {link.has_password && ` ${t.originsPassword}`}
      </Alert>
    </>
  );
}
