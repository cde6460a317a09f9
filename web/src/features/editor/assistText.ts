/** The words of SQL assist. */

import { catalogue } from "@/i18n/catalogue";

export const useAssistText = catalogue(
  {
    title: "Write SQL",
    what: "What to write",
    kinds: {
      main: "A query from words",
      detail: "The rows behind a click",
      comparison: "The period before, beside it",
      drill: "A drill through levels",
      cross_filter: "Check for clicks on other tiles",
    },
    hints: {
      detail: "From the tile's query; it becomes the query of the rows behind a click.",
      comparison: `From the tile's query, which needs \${range.start} and \${range.end}.`,
      drill: "From the tile's query; the levels come from the data.",
      cross_filter: "Looks at how clicks on other tiles would filter the tile's query. Nothing is changed.",
    },
    needsQuery: "Write the tile's query first.",
    words: "In words",
    wordsHint: "For example: total revenue by region in 2025",
    write: "Write",
    check: "Check",
    use: "Use it",
    useWithLevels: "Use it, with its levels",
    fine: "Clicks on other tiles filter this query as one expects.",
    levels: "Levels",
  },
  {
    title: "Escribir SQL",
    what: "Qué escribir",
    kinds: {
      main: "Una consulta a partir de palabras",
      detail: "Las filas detrás de un clic",
      comparison: "El periodo anterior, al lado",
      drill: "Un desglose por niveles",
      cross_filter: "Comprobar los clics en otros paneles",
    },
    hints: {
      detail: "De la consulta del panel; será la consulta de las filas detrás de un clic.",
      comparison: `De la consulta del panel, que necesita \${range.start} y \${range.end}.`,
      drill: "De la consulta del panel; los niveles salen de los datos.",
      cross_filter: "Mira cómo filtrarían los clics en otros paneles la consulta del panel. No cambia nada.",
    },
    needsQuery: "Escriba primero la consulta del panel.",
    words: "Con palabras",
    wordsHint: "Por ejemplo: total revenue por region en 2025",
    write: "Escribir",
    check: "Comprobar",
    use: "Usarla",
    useWithLevels: "Usarla, con sus niveles",
    fine: "Los clics en otros paneles filtran esta consulta como se espera.",
    levels: "Niveles",
  },
);
