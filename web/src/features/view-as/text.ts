import { catalogue, plural } from "@/i18n/catalogue";
import { formatInteger } from "@/lib/format";

export const useViewAsText = catalogue(
  {
    title: "View as…",
    why: "See this dashboard with the rows and columns that a person may see. It is written into the audit log.",
    person: "Person",
    choose: "Choose a person",
    look: "Look",
    banner: (name: string) => `You see this dashboard as ${name} sees it`,
    loading: "Looking through another's eyes…",
    another: "Another person",
    leave: "Leave this view",
    same: "Every tile has as many rows as without policies; sums in them may differ.",
    fewer: (n: number, all: number) => `${n} of ${all} ${plural(all, "tile has", "tiles have")} fewer rows.`,
    clicks: "Filters work as always. Drills and details are off in this view.",
    rows: (after: number, before: number) =>
      `${formatInteger(after)} of ${formatInteger(before)} ${plural(before, "row", "rows")}`,
    notSeen: "Not theirs to see",
  },
  {
    title: "Ver como…",
    why: "Vea este panel con las filas y columnas que una persona puede ver. Queda anotado en el registro de auditoría.",
    person: "Persona",
    choose: "Elija una persona",
    look: "Mirar",
    banner: (name) => `Ve este panel como lo ve ${name}`,
    loading: "Mirando con otros ojos…",
    another: "Otra persona",
    leave: "Salir de esta vista",
    same: "Cada tesela tiene tantas filas como sin políticas; las sumas pueden diferir.",
    fewer: (n, all) => `${n} de ${all} ${plural(all, "tesela tiene", "teselas tienen")} menos filas.`,
    clicks: "Los filtros funcionan como siempre. En esta vista no hay niveles ni detalles.",
    rows: (after, before) =>
      `${formatInteger(after)} de ${formatInteger(before)} ${plural(before, "fila", "filas")}`,
    notSeen: "No le corresponde verlo",
  },
);
