/** The words of suggested charts. */

import { catalogue } from "@/i18n/catalogue";

export const useSuggestText = catalogue(
  {
    title: "Charts that suit these rows",
    reading: "Looking at the rows…",
    none: "No chart suits these rows better than a table.",
    undo: "Back to what it was",
    close: "Close the suggestions",
  },
  {
    title: "Gráficos que convienen a estas filas",
    reading: "Mirando las filas…",
    none: "Ningún gráfico conviene a estas filas más que una tabla.",
    undo: "Volver a lo de antes",
    close: "Cerrar las sugerencias",
  },
);
