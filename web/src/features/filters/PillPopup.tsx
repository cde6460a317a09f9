/** The popover of a pill. */

import { Popover } from "@mantine/core";
import type { ReactElement } from "react";
import FilterControl, { type ControlProps } from "./FilterControl";
import classes from "./filters.module.css";

interface Props extends ControlProps {
  isOpen: boolean;
  onOpen: (open: boolean) => void;
  label: string;
  target: ReactElement;
}

export default function PillPopup({ isOpen, onOpen, label, target, ...control }: Props) {
  return (
    <Popover
      opened={isOpen}
      onChange={onOpen}
      position="bottom-start"
      shadow="md"
      radius="md"
      trapFocus
      returnFocus
      withinPortal
    >
      <Popover.Target>{target}</Popover.Target>
      <Popover.Dropdown className={classes.dropdown} aria-label={label}>
        <FilterControl {...control} />
      </Popover.Dropdown>
    </Popover>
  );
}
