/** A small menu at the pointer, when a click can mean more than one thing. */

import { Menu } from "@mantine/core";
import { IconFilter, IconFilterOff, IconTable, IconZoomIn } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import classes from "./clicks.module.css";
import type { Meaning } from "./meaning";
import { useClicksText } from "./text";

export interface Offer {
  meanings: readonly Meaning[];
  /** Whether the click is the one that filters already. */
  isSet: boolean;
  x: number;
  y: number;
}

interface Props {
  offer: Offer;
  onChoose: (meaning: Meaning) => void;
  onClose: () => void;
}

const ICON = { size: 16, stroke: 1.7 };

export default function ClickMenu({ offer, onChoose, onClose }: Props) {
  const t = useClicksText();
  const { meanings, isSet, x, y } = offer;
  const before = useRef<Element | null>(null);
  useEffect(() => {
    before.current = document.activeElement;
    return () => {
      if (before.current instanceof HTMLElement && before.current !== document.body)
        before.current.focus({ preventScroll: true });
    };
  }, []);
  const [first] = meanings;
  return (
    <Menu
      opened
      onClose={onClose}
      position="bottom-start"
      offset={4}
      withinPortal
      zIndex={400}
      shadow="md"
      returnFocus={false}
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <span className={classes.spot} style={{ left: x, top: y }} aria-hidden="true" />
      </Menu.Target>
      <Menu.Dropdown aria-label={t.menu(first?.label ?? "")}>
        {meanings.map((meaning) => (
          <Menu.Item
            key={meaning.kind}
            className={classes.item}
            leftSection={iconOf(meaning, isSet)}
            onClick={() => onChoose(meaning)}
            data-autofocus={meaning === first || undefined}
          >
            {wordsOf(meaning, isSet, t)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function iconOf({ kind }: Meaning, isSet: boolean) {
  if (kind === "drill") return <IconZoomIn {...ICON} />;
  if (kind === "detail") return <IconTable {...ICON} />;
  return isSet ? <IconFilterOff {...ICON} /> : <IconFilter {...ICON} />;
}

function wordsOf(meaning: Meaning, isSet: boolean, t: ReturnType<typeof useClicksText>): string {
  if (meaning.kind === "detail") return t.detail;
  if (meaning.kind === "cross") return isSet ? t.uncross(meaning.label) : t.cross(meaning.label);
  return meaning.level ? t.drill(meaning.label, meaning.level) : t.drillPlain(meaning.label);
}
