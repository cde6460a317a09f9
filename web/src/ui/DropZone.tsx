/** A place to drop a file on, with a button for those who would rather choose one. */

import { Button, FileButton, Text } from "@mantine/core";
import { type DragEvent, type ReactNode, useState } from "react";
import classes from "./ui.module.css";

interface Props {
  icon: ReactNode;
  /** What it is for, or the file that was dropped. */
  title: string;
  hint: string;
  /** The name of the place for a screen reader. */
  label: string;
  choose: string;
  accept: string;
  onFile: (file: File) => void;
}

export function DropZone({ icon, title, hint, label, choose, accept, onFile }: Props) {
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const dropped = event.dataTransfer.files[0];
    if (dropped) onFile(dropped);
  };
  const over = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <section
      className={classes.drop}
      data-over={isOver || undefined}
      onDrop={drop}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      aria-label={label}
    >
      {icon}
      <Text fw={560}>{title}</Text>
      <Text size="sm" c="dimmed">
        {hint}
      </Text>
      <FileButton onChange={(chosen) => chosen && onFile(chosen)} accept={accept}>
        {(props) => (
          <Button {...props} variant="default" size="xs" mt={6}>
            {choose}
          </Button>
        )}
      </FileButton>
    </section>
  );
}
