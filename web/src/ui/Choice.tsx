/** A box or a dot to choose by, with what it means beside it. */
import type { InputHTMLAttributes, ReactNode } from "react";
import classes from "./ui.module.css";

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, "type"> {
  type: "checkbox" | "radio";
  children: ReactNode;
}

export function Choice({ type, children, ...rest }: Props) {
  return (
    <label className={classes.choice}>
      <input type={type} {...rest} />
      {children}
    </label>
  );
}
