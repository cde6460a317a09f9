/** The list that an ActionMenu opens. */
import { Menu, UnstyledButton } from "@mantine/core";
import { Fragment } from "react";
import type { Action, ActionMenuProps } from "./ActionMenu";

export type Placement = "bottom-end" | "bottom-start" | "top-start" | "right-end";

interface Props extends ActionMenuProps {
  isOpen: boolean;
  onOpen: (open: boolean) => void;
}

export default function ActionMenuPopup(props: Props) {
  const { label, groups, className, children, width = 210, placement = "bottom-end", isOpen, onOpen } = props;
  const shown = groups.map((group) => group.filter((action): action is Action => Boolean(action)));
  return (
    <Menu opened={isOpen} onChange={onOpen} position={placement} width={width} withinPortal>
      <Menu.Target>
        <UnstyledButton className={className} aria-label={label}>
          {children}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {shown
          .filter((group) => group.length > 0)
          .map((group, at) => (
            <Fragment key={group[0]?.label}>
              {at > 0 && <Menu.Divider />}
              {group.map((action) => (
                <Menu.Item
                  key={action.label}
                  leftSection={action.icon}
                  onClick={action.onClick}
                  disabled={action.disabled}
                  color={action.isDanger ? "red" : undefined}
                >
                  {action.label}
                </Menu.Item>
              ))}
            </Fragment>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
