/** Asks before what cannot be undone. */
import { ask, type Question } from "./overlays";

export function confirmDanger(question: Question): void {
  ask(question);
}
