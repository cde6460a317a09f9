/** Asks before what cannot be undone. */

import { modals } from "@mantine/modals";
import { useCommon } from "@/i18n/common";

interface Question {
  title: string;
  message: string;
  confirm?: string;
  onConfirm: () => void;
}

export function confirmDanger({ title, message, confirm, onConfirm }: Question): void {
  const t = useCommon.now();
  modals.openConfirmModal({
    title,
    children: message,
    labels: { confirm: confirm ?? t.delete, cancel: t.cancel },
    confirmProps: { color: "red" },
    onConfirm,
  });
}
