/** What became of the last edit: Saved, Saving, or why not. */

import { Button, Loader, Text, Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconCloudCheck, IconCloudOff } from "@tabler/icons-react";
import { useHeldFor } from "@/lib/hooks";
import type { SaveState } from "../history";
import classes from "./editor.module.css";
import { useEditorText } from "./messages";

interface SaveBadgeProps {
  state: SaveState;
  onRetry: () => void;
}

export function SaveBadge({ state, onRetry }: SaveBadgeProps) {
  const text = useEditorText();
  return (
    <div className={classes.save} role="status" data-state={state.kind}>
      {state.kind === "saved" && (
        <>
          <IconCloudCheck size={16} aria-hidden="true" />
          {text.saved}
        </>
      )}
      {state.kind === "saving" && <Saving />}
      {state.kind === "waiting" && (
        <>
          <Tooltip label={state.message} multiline maw={320}>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the reason must be reachable by keyboard */}
            <span className={classes.saveWord} tabIndex={0}>
              <IconCloudOff size={16} aria-hidden="true" />
              {text.waiting}
            </span>
          </Tooltip>
          <Button size="compact-xs" variant="subtle" onClick={onRetry}>
            {text.retryNow}
          </Button>
        </>
      )}
      {state.kind === "conflict" && (
        <>
          <IconAlertTriangle size={16} aria-hidden="true" />
          {text.conflict}
        </>
      )}
    </div>
  );
}

/** Most saves are over before the eye could read the word; nothing flickers then. */
function Saving() {
  const text = useEditorText();
  const isLong = useHeldFor(true, 250);
  return (
    <>
      {isLong ? <Loader size={14} color="gray" /> : <IconCloudCheck size={16} aria-hidden="true" />}
      <Text span inherit>
        {text.saving}
      </Text>
    </>
  );
}
