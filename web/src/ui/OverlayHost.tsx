/** Draws the toasts and the question that wait in `overlays`. */

import { Button, Group, Modal, Text } from "@mantine/core";
import { Notifications, notifications } from "@mantine/notifications";
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { useCommon } from "@/i18n/common";
import { ask, overlays, type Question, type Toast } from "./overlays";

export default function OverlayHost() {
  const waiting = useStore(overlays, (state) => state.toasts);
  const question = useStore(overlays, (state) => state.question);
  useEffect(() => {
    if (waiting.length === 0) return;
    overlays.setState({ toasts: [] });
    for (const toast of waiting) show(toast);
  }, [waiting]);
  return (
    <>
      <Notifications position="bottom-right" limit={4} />
      <Confirm question={question} />
    </>
  );
}

function show({ id, message, kind, action }: Toast): void {
  const name = `toast-${id}`;
  const act = () => {
    notifications.hide(name);
    action?.onClick();
  };
  notifications.show({
    id: name,
    message: action ? (
      <span className="t-toast">
        {message}
        <button type="button" onClick={act}>
          {action.label}
        </button>
      </span>
    ) : (
      message
    ),
    color: kind === "bad" ? "red" : kind === "good" ? "teal" : "tesela",
    autoClose: kind === "bad" ? 10_000 : action ? 8000 : 4000,
    withBorder: true,
  });
}

function Confirm({ question }: { question: Question | null }) {
  const t = useCommon();
  // While the dialog fades out its words stay.
  const [last, setLast] = useState(question);
  if (question && question !== last) setLast(question);
  const close = () => ask(null);
  const confirm = () => {
    close();
    question?.onConfirm();
  };
  return (
    <Modal opened={question !== null} onClose={close} title={last?.title}>
      <Text size="sm">{last?.message}</Text>
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="subtle" color="gray" onClick={close} data-autofocus>
          {t.cancel}
        </Button>
        <Button color={last?.isHarmless ? undefined : "red"} onClick={confirm}>
          {last?.confirm ?? t.delete}
        </Button>
      </Group>
    </Modal>
  );
}
