import { catalogue } from "@/i18n/catalogue";

export const useEmbedText = catalogue(
  {
    alone: "This page belongs into the frame of a site that may show it.",
    loading: "Loading the dashboard",
  },
  {
    alone: "Esta página va dentro del marco de un sitio que pueda mostrarla.",
    loading: "Cargando el panel",
  },
);
