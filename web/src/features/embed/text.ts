import { catalogue } from "@/i18n/catalogue";

export const useEmbedText = catalogue(
  {
    alone: "This page belongs into the frame of a site that may show it.",
    loading: "Loading the dashboard",
    silent: "The site around this page does not say who is looking. It is asked again every few seconds.",
    unknown: (why: string) => `This page could not learn who is looking: ${why}`,
    notYours: "This dashboard is not yours to see, or it is gone.",
  },
  {
    alone: "Esta página va dentro del marco de un sitio que pueda mostrarla.",
    loading: "Cargando el panel",
    silent:
      "El sitio que rodea esta página no dice quién la mira. Se le vuelve a preguntar cada pocos segundos.",
    unknown: (why) => `Esta página no pudo saber quién la mira: ${why}`,
    notYours: "No puede ver este panel, o ya no existe.",
  },
);
