/** The mark of Tesela: four tesserae, two of them turned. */
import { dice } from "@/lib/dice";

export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d="M2 4a2 2 0 0 1 2-2h7v9H2z" fill="var(--mantine-color-tesela-8)" />
      <path d="M13 2a9 9 0 0 1 9 9h-9z" fill="#e0a526" />
      <path d="M2 13h9v9a9 9 0 0 1-9-9z" fill="#e17079" />
      <path d="M13 13h9v7a2 2 0 0 1-2 2h-7z" fill="#1a99a8" />
    </svg>
  );
}

const HUES = ["#1971c2", "#e0a526", "#e17079", "#973183", "#1a99a8", "#877ff4", "#2d8658", "#0d6c78"];

/** A small mosaic made from an id, so that a dashboard is found again by its look. */
export function Mosaic({ seed, size = 40 }: { seed: string; size?: number }) {
  const draw = dice(seed);
  const cells = Array.from({ length: 9 }, (_, i) => ({
    i,
    hue: draw(HUES.length),
    shape: draw(4),
    on: draw(8),
  }));
  const base = draw(HUES.length);
  const palette = [HUES[base], HUES[(base + 3) % HUES.length], HUES[(base + 5) % HUES.length]];
  return (
    <svg width={size} height={size} viewBox="0 0 30 30" aria-hidden="true" focusable="false">
      {cells.map(({ i, hue, shape, on }) => (
        <path
          key={i}
          d={tessera(shape)}
          transform={`translate(${(i % 3) * 10.4} ${Math.floor(i / 3) * 10.4})`}
          fill={palette[hue % 3]}
          opacity={on === 0 ? 0.15 : on < 3 ? 0.55 : 0.95}
        />
      ))}
    </svg>
  );
}

function tessera(shape: number): string {
  if (shape === 0) return "M0 0h9.2a9.2 9.2 0 0 1-9.2 9.2z";
  if (shape === 1) return "M9.2 9.2H0A9.2 9.2 0 0 1 9.2 0z";
  return "M1 0h7.2a1 1 0 0 1 1 1v7.2a1 1 0 0 1-1 1H1a1 1 0 0 1-1-1V1a1 1 0 0 1 1-1z";
}
