/** What the edit grid says, mostly to people who do not see it. */

import { catalogue } from "@/i18n/catalogue";
import type { Cell } from "./rules";

const en = {
  label: "Tiles of this page",
  instructions:
    "Press Enter to lift the tile, arrow keys to move it, Shift with arrow keys to resize it, Enter to drop it, Escape to put it back.",
  place: (cell: Cell) => `column ${cell.x + 1}, row ${cell.y + 1}, ${cell.w} wide, ${cell.h} tall`,
  lifted: (title: string, place: string) => `${title} lifted. It is at ${place}.`,
  moved: (place: string) => `Now at ${place}.`,
  edge: "The grid ends here.",
  dropped: (title: string, place: string) => `${title} dropped at ${place}.`,
  cancelled: (title: string) => `${title} is back where it was.`,
  tooNarrow: "Arranging tiles needs a window at least 1000 pixels wide.",
};

const es: typeof en = {
  label: "Teselas de esta página",
  instructions:
    "Pulse Intro para levantar la tesela, las flechas para moverla, Mayús y flechas para cambiar su tamaño, Intro para soltarla y Escape para devolverla.",
  place: (cell) => `columna ${cell.x + 1}, fila ${cell.y + 1}, ${cell.w} de ancho, ${cell.h} de alto`,
  lifted: (title, place) => `${title} levantada. Está en ${place}.`,
  moved: (place) => `Ahora en ${place}.`,
  edge: "La cuadrícula termina aquí.",
  dropped: (title, place) => `${title} soltada en ${place}.`,
  cancelled: (title) => `${title} ha vuelto a su sitio.`,
  tooNarrow: "Para ordenar teselas hace falta una ventana de al menos 1000 píxeles de ancho.",
};

export const useGridText = catalogue(en, es);
