import { catalogue } from "@/i18n/catalogue";

export const useWorkspaceText = catalogue(
  {
    subtitle: "Folders that keep the dashboards of a team or a subject together.",
    add: "New workspace",
    edit: "Change",
    none: "No workspace yet",
    noneWhy: "Make one when the list of dashboards gets long.",
    nameHint: "Operations",
    removeTitle: (name: string) => `Delete "${name}"?`,
    removeWhy: "The dashboards in it stay; they then belong to no workspace.",
    open: "Show its dashboards",
  },
  {
    subtitle: "Carpetas que reúnen los paneles de un equipo o de un tema.",
    add: "Nuevo espacio",
    edit: "Cambiar",
    none: "Aún no hay espacios",
    noneWhy: "Cree uno cuando la lista de paneles se alargue.",
    nameHint: "Operaciones",
    removeTitle: (name) => `¿Eliminar «${name}»?`,
    removeWhy: "Sus paneles se quedan; después no pertenecen a ningún espacio.",
    open: "Ver sus paneles",
  },
);
