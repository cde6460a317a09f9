/** A button with a picture only: its name shows on hover and focus, and is what a screen reader says. */
import type { ButtonHTMLAttributes, ReactNode } from "react";
import classes from "./ui.module.css";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string;
  /** The key that does the same. */
  keyName?: string;
  look?: "framed" | "bare";
  tip?: "below" | "right" | "none";
  children: ReactNode;
}

export function IconButton({
  label,
  keyName,
  look = "framed",
  tip = "below",
  className,
  children,
  ...rest
}: Props) {
  return (
    <button
      type="button"
      aria-label={label}
      data-tip={keyName ? `${label} (${keyName})` : label}
      data-tip-side={tip}
      data-look={look}
      className={[classes.iconButton, className].filter(Boolean).join(" ")}
      {...rest}
    >
      {children}
    </button>
  );
}
