/** Brings a tile into sight and lights it up for a moment; waits for its page to be drawn. */

const TRIES = 40;
const EVERY_MS = 50;

export async function showTile(id: string): Promise<boolean> {
  for (let count = 0; count < TRIES; count += 1) {
    const tile = document.querySelector<HTMLElement>(`[data-tile="${CSS.escape(id)}"]`);
    if (tile) {
      light(tile);
      return true;
    }
    await new Promise((done) => setTimeout(done, EVERY_MS));
  }
  return false;
}

function light(tile: HTMLElement): void {
  const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  tile.scrollIntoView({ block: "center", behavior: isCalm ? "auto" : "smooth" });
  tile.focus({ preventScroll: true });
  const color = "var(--mantine-primary-color-filled)";
  tile.animate?.(
    [
      { outline: `3px solid ${color}`, outlineOffset: "2px" },
      { outline: `3px solid ${color}`, outlineOffset: "2px", offset: 0.8 },
      { outline: "3px solid transparent", outlineOffset: "2px" },
    ],
    { duration: 2400 },
  );
}
