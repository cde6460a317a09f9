/** A small mark whose words show on hover and focus, several lines of them. No popup engine: it stands on a page of tiles many times. */
import type { ReactNode } from "react";
import classes from "./ui.module.css";

interface Props {
  lines: readonly string[];
  /** What a screen reader says. */
  label: string;
  side?: "above" | "below";
  className?: string;
  children: ReactNode;
  "data-tone"?: string;
}

export function Hint({ lines, label, side = "below", className, children, ...rest }: Props) {
  return (
    <button
      type="button"
      className={[classes.hint, className].filter(Boolean).join(" ")}
      aria-label={label}
      data-hint={lines.join("\n")}
      data-side={side}
      onKeyDown={(event) => {
        if (event.key === "Escape") event.currentTarget.blur();
      }}
      {...rest}
    >
      {children}
    </button>
  );
}
