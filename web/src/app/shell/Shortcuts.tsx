/** The list of keys. */

import { Group, Kbd, Modal, Text } from "@mantine/core";
import { Fragment } from "react";
import { useCommon } from "@/i18n/common";
import classes from "./shell.module.css";

export default function Shortcuts({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const t = useCommon();
  const groups: [string, [string[], string][]][] = [
    [
      t.everywhere,
      [
        [["Ctrl", "K"], t.keyPalette],
        [["/"], t.keySearch],
        [["g"], t.toDashboards],
        [["d"], t.keyTheme],
        [["?"], t.keyHelp],
      ],
    ],
    [
      t.onDashboard,
      [
        [["r"], t.keyRefresh],
        [["e"], t.keyEdit],
        [["a"], t.keyAsk],
        [["f"], t.keyFull],
        [["t"], t.keyRange],
        [["[", "]"], t.keyPages],
        [["v"], t.keyView],
        [["c"], t.keyCopyLink],
        [["Backspace"], t.keyUp],
        [["Esc"], t.keyClick],
        [["Ctrl", "Z"], t.keyUndo],
      ],
    ],
  ];
  return (
    <Modal opened={opened} onClose={onClose} title={t.shortcuts} size="md">
      {groups.map(([title, rows]) => (
        <Fragment key={title}>
          <Text size="xs" fw={600} c="dimmed" mt="md" mb={8}>
            {title}
          </Text>
          <div className={classes.keys}>
            {rows.map(([keys, what]) => (
              <Fragment key={what}>
                <span>{what}</span>
                <Group gap={4}>
                  {keys.map((key) => (
                    <Kbd key={key}>{key}</Kbd>
                  ))}
                </Group>
              </Fragment>
            ))}
          </div>
        </Fragment>
      ))}
    </Modal>
  );
}
