import { catalogue, plural } from "@/i18n/catalogue";
import { formatInteger } from "@/lib/format";

export const useFiltersText = catalogue(
  {
    filters: "Filters",
    filtersCount: (n: number) => `Filters (${n})`,
    reset: "Reset",
    resetAll: "Reset all filters",
    clear: (label: string) => `Clear ${label}`,
    apply: "Apply",
    applyCount: (n: number) => `Apply (${n})`,
    any: "any",
    required: "needs a value",
    yes: "Yes",
    no: "No",
    either: "Any",
    empty: "(empty)",
    more: (first: string, n: number) => `${first} +${n}`,
    search: "Search",
    noChoice: "Nothing matches",
    moreChoices: "There are more. Search to find them.",
    selected: (n: number) => `${formatInteger(n)} ${plural(n, "chosen", "chosen")}`,
    clearChoice: "Clear",
    from: "From",
    to: "To",
    atLeast: (value: string) => `from ${value}`,
    atMost: (value: string) => `up to ${value}`,
    onwards: (day: string) => `from ${day}`,
    until: (day: string) => `until ${day}`,
    allTime: "All time",
    typeValue: "Type, then press Enter",
    contains: "Contains",
    crossFrom: (title: string) => `Clicked in "${title}"`,
    removeClick: (what: string) => `Remove ${what}`,
    applyHere: (n: number) => `${n} ${plural(n, "filter applies", "filters apply")} here`,
    notHere: "Not applied here",
    waitsFor: (labels: string) => `Choose a value for ${labels}`,
    relative: (name: string) => englishRelative(name),
  },
  {
    filters: "Filtros",
    filtersCount: (n) => `Filtros (${n})`,
    reset: "Restablecer",
    resetAll: "Restablecer todos los filtros",
    clear: (label) => `Quitar ${label}`,
    apply: "Aplicar",
    applyCount: (n) => `Aplicar (${n})`,
    any: "todo",
    required: "necesita un valor",
    yes: "Sí",
    no: "No",
    either: "Todo",
    empty: "(vacío)",
    more: (first, n) => `${first} +${n}`,
    search: "Buscar",
    noChoice: "Nada coincide",
    moreChoices: "Hay más. Busque para encontrarlos.",
    selected: (n) => `${formatInteger(n)} ${plural(n, "elegido", "elegidos")}`,
    clearChoice: "Quitar",
    from: "Desde",
    to: "Hasta",
    atLeast: (value) => `desde ${value}`,
    atMost: (value) => `hasta ${value}`,
    onwards: (day) => `desde el ${day}`,
    until: (day) => `hasta el ${day}`,
    allTime: "Siempre",
    typeValue: "Escriba y pulse Intro",
    contains: "Contiene",
    crossFrom: (title) => `Pulsado en «${title}»`,
    removeClick: (what) => `Quitar ${what}`,
    applyHere: (n) => `Aquí ${n} ${plural(n, "filtro se aplica", "filtros se aplican")}`,
    notHere: "No se aplica aquí",
    waitsFor: (labels) => `Elija un valor para ${labels}`,
    relative: (name) => spanishRelative(name),
  },
);

const COUNTED = /^(last|next)_(\d+)_(hour|day|week|month|quarter|year)s$/;
const NAMED = /^(this|last|next)_(week|month|quarter|year)$/;
const TO_DATE = /^(week|month|quarter|year)_to_date$/;

/** last_30_days -> "Last 30 days" */
export function englishRelative(name: string): string {
  if (name === "all_time") return "All time";
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

interface Unit {
  one: string;
  many: string;
  isFeminine: boolean;
}

const UNITS: Record<string, Unit> = {
  hour: { one: "hora", many: "horas", isFeminine: true },
  day: { one: "día", many: "días", isFeminine: false },
  week: { one: "semana", many: "semanas", isFeminine: true },
  month: { one: "mes", many: "meses", isFeminine: false },
  quarter: { one: "trimestre", many: "trimestres", isFeminine: false },
  year: { one: "año", many: "años", isFeminine: false },
};
const DAYS: Record<string, string> = { today: "Hoy", yesterday: "Ayer", all_time: "Siempre" };

/** last_30_days -> "Últimos 30 días" */
export function spanishRelative(name: string): string {
  const day = DAYS[name];
  if (day) return day;
  const counted = COUNTED.exec(name);
  if (counted) {
    const unit = UNITS[counted[3] ?? ""];
    const isNext = counted[1] === "next";
    const word = unit?.isFeminine ? (isNext ? "Próximas" : "Últimas") : isNext ? "Próximos" : "Últimos";
    return `${word} ${counted[2]} ${unit?.many}`;
  }
  const named = NAMED.exec(name);
  if (named) {
    const unit = UNITS[named[2] ?? ""];
    if (named[1] === "this") return `${unit?.isFeminine ? "Esta" : "Este"} ${unit?.one}`;
    const last = unit?.isFeminine ? "pasada" : "pasado";
    const next = unit?.isFeminine ? "próxima" : "próximo";
    const words = `${unit?.one} ${named[1] === "last" ? last : next}`;
    return words.charAt(0).toUpperCase() + words.slice(1);
  }
  const toDate = TO_DATE.exec(name);
  if (toDate) return `${UNITS[toDate[1] ?? ""]?.one} hasta hoy`.replace(/^./, (first) => first.toUpperCase());
  return englishRelative(name);
}
