/** The placeholders that a tile's SQL may hold: a closed set, as the server checks it when a tile is saved. */

export interface PlaceholderHelp {
  /** What stands between `${` and `}`; `<name>` is for a name of the author's. */
  name: string;
  en: string;
  es: string;
}

export const PLACEHOLDERS: readonly PlaceholderHelp[] = [
  { name: "range.start", en: "first moment of the date range", es: "primer momento del intervalo" },
  { name: "range.end", en: "first moment after the date range", es: "primer momento tras el intervalo" },
  { name: "range.prev_start", en: "start of the period before", es: "inicio del periodo anterior" },
  { name: "range.prev_end", en: "end of the period before", es: "final del periodo anterior" },
  {
    name: "filters.where",
    en: "AND … for every filter not named here",
    es: "AND … de los filtros no nombrados aquí",
  },
  { name: "filter.<name>", en: "the value of a filter", es: "el valor de un filtro" },
  { name: "filter.<name>.where", en: "AND … of one filter", es: "AND … de un filtro" },
  { name: "cross.where", en: "AND … of clicks on other tiles", es: "AND … de clics en otros paneles" },
  { name: "drill.field", en: "the column of the drill level", es: "la columna del nivel" },
  { name: "drill.where", en: "AND … of the drill path", es: "AND … del camino recorrido" },
  { name: "drill.value", en: "the value that was clicked", es: "el valor pulsado" },
  { name: "detail.where", en: "AND … of the clicked mark", es: "AND … de la marca pulsada" },
  { name: "user.id", en: "the person who looks", es: "la persona que mira" },
  { name: "user.<attribute>", en: "an attribute of that person", es: "un atributo de esa persona" },
];

const KNOWN = new RegExp(
  `^(?:${PLACEHOLDERS.map(({ name }) =>
    name.replaceAll(".", "\\.").replace(/<\w+>/, "[A-Za-z_][A-Za-z0-9_]*"),
  ).join("|")})$`,
);

export interface Found {
  from: number;
  to: number;
  name: string;
  isKnown: boolean;
}

export const PLACEHOLDER_PATTERN = /\$\{([^{}\n]*)\}/g;

export function isKnown(name: string): boolean {
  return KNOWN.test(name);
}

/** Every `${...}` of the text, with its place. */
export function placeholdersIn(sql: string): Found[] {
  return [...sql.matchAll(PLACEHOLDER_PATTERN)].map((match) => {
    const name = match[1] ?? "";
    return { from: match.index, to: match.index + match[0].length, name, isKnown: isKnown(name) };
  });
}
