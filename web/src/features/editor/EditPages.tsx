/** The pages of a dashboard while it is edited: go to one, add, rename, put in order, delete. */

import { ActionIcon, Button, Group, Menu, Modal, Stack, Tabs, TextInput, Tooltip } from "@mantine/core";
import {
  IconArrowLeft,
  IconArrowRight,
  IconDots,
  IconLayoutNavbarCollapse,
  IconPencil,
  IconPlus,
  IconTrash,
} from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { PageDoc } from "../history";
import classes from "./editor.module.css";
import { useEditorText } from "./messages";

interface EditPagesProps {
  pages: readonly PageDoc[];
  current: string;
  onPage: (id: string) => void;
  onAdd: () => void;
  onRename: (page: PageDoc, name: string) => void;
  onMove: (page: PageDoc, by: -1 | 1) => void;
  onCloseGaps: (page: PageDoc) => void;
  onDelete: (page: PageDoc) => void;
}

export function EditPages(props: EditPagesProps) {
  const { pages, current, onPage, onAdd, onRename, onMove, onCloseGaps, onDelete } = props;
  const text = useEditorText();
  const [renaming, setRenaming] = useState<PageDoc | null>(null);
  const index = pages.findIndex((page) => page.id === current);
  const page = pages[index];
  return (
    <div className={classes.pages}>
      <Tabs value={current} onChange={(id) => id && onPage(id)} className={classes.pageTabs}>
        <Tabs.List aria-label={text.pages}>
          {pages.map((one) => (
            <Tabs.Tab key={one.id} value={one.id} onDoubleClick={() => setRenaming(one)}>
              {one.name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {page && (
        <Menu position="bottom-start" withinPortal>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={text.pageMenu(page.name)}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setRenaming(page)}>
              {text.renamePage}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconArrowLeft size={15} />}
              disabled={index === 0}
              onClick={() => onMove(page, -1)}
            >
              {text.movePageLeft}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconArrowRight size={15} />}
              disabled={index === pages.length - 1}
              onClick={() => onMove(page, 1)}
            >
              {text.movePageRight}
            </Menu.Item>
            <Menu.Item leftSection={<IconLayoutNavbarCollapse size={15} />} onClick={() => onCloseGaps(page)}>
              {text.closeGaps}
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={15} />}
              disabled={pages.length === 1}
              title={pages.length === 1 ? text.lastPage : undefined}
              onClick={() => onDelete(page)}
            >
              {text.deletePage}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <Tooltip label={text.addPage}>
        <ActionIcon variant="subtle" color="gray" aria-label={text.addPage} onClick={onAdd}>
          <IconPlus size={16} />
        </ActionIcon>
      </Tooltip>
      {renaming && (
        <Rename
          page={renaming}
          onClose={() => setRenaming(null)}
          onRename={(name) => {
            onRename(renaming, name);
            setRenaming(null);
          }}
        />
      )}
    </div>
  );
}

function Rename({
  page,
  onRename,
  onClose,
}: {
  page: PageDoc;
  onRename: (name: string) => void;
  onClose: () => void;
}) {
  const text = useEditorText();
  const [name, setName] = useState(page.name);
  const isBlank = name.trim() === "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBlank) onRename(name.trim());
  };
  return (
    <Modal opened onClose={onClose} title={text.renamePage} size="sm">
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={text.pageName}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={200}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {text.cancel}
            </Button>
            <Button type="submit" disabled={isBlank}>
              {text.apply}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
