/**
 * A button that opens a list of actions. The popup, with all its placing of floating things, is loaded when a pointer
 * or the focus comes near, so that a page of tiles does not pay for thirty menus nobody opens.
 */
import { UnstyledButton } from "@mantine/core";
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { Placement } from "./ActionMenuPopup";

export interface Action {
  label: string;
  icon: ReactNode;
  onClick: () => void;
  isDanger?: boolean;
  disabled?: boolean;
}

export interface ActionMenuProps {
  /** What a screen reader says of the button. */
  label: string;
  /** Groups are divided by lines; what is false is left out, so that rights can be written in place. */
  groups: (Action | false | undefined)[][];
  className?: string;
  children: ReactNode;
  width?: number;
  placement?: Placement;
}

const load = () => import("./ActionMenuPopup");
const Popup = lazy(load);

export function ActionMenu(props: ActionMenuProps) {
  const { label, className, children } = props;
  const [isOpen, setOpen] = useState(false);
  const [isNear, setNear] = useState(false);
  const come = () => {
    void load();
  };
  const open = () => {
    setNear(true);
    setOpen(true);
  };
  const button = (
    <UnstyledButton
      className={className}
      aria-label={label}
      aria-haspopup="menu"
      aria-expanded={isOpen}
      onPointerEnter={come}
      onFocus={come}
      onClick={open}
    >
      {children}
    </UnstyledButton>
  );
  if (!isNear) return button;
  return (
    <Suspense fallback={button}>
      <Popup {...props} isOpen={isOpen} onOpen={setOpen} />
    </Suspense>
  );
}
