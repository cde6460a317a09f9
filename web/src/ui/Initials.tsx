/** The first letters of a name, in a circle. The name itself stands beside it. */
import classes from "./ui.module.css";

export function Initials({ name }: { name: string }) {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.[0] ?? "");
  return (
    <span className={classes.initials} aria-hidden="true">
      {letters.join("").toUpperCase()}
    </span>
  );
}
