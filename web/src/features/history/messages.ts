/** The sentences of undo, redo and saving. */

import { catalogue } from "@/i18n/catalogue";

const en = {
  untitled: "untitled tile",
  named: (title: string) => `'${title}'`,
  add: (name: string) => `Add ${name}`,
  edit: (name: string) => `Edit ${name}`,
  duplicate: (name: string) => `Duplicate ${name}`,
  copyOf: (title: string) => `${title} (copy)`,
  remove: (name: string) => `Delete ${name}`,
  move: (name: string) => `Move ${name}`,
  resize: (name: string) => `Resize ${name}`,
  moveTo: (name: string, page: string) => `Move ${name} to page '${page}'`,
  renameDashboard: "Rename dashboard",
  changeSettings: "Change dashboard settings",
  changeFilters: "Change filters",
  addPage: (page: string) => `Add page '${page}'`,
  renamePage: (page: string) => `Rename page '${page}'`,
  movePage: (page: string) => `Move page '${page}'`,
  deletePage: (page: string) => `Delete page '${page}'`,
  closeGaps: (page: string) => `Close the gaps on page '${page}'`,
  signedOut: "You are signed out. Sign in again in another tab; your changes are kept here.",
  offline: "Offline. Your changes are kept here and will be saved when the server answers again.",
  busy: "The server is busy. Your changes are kept here; saving will be tried again.",
  gone: "This dashboard was deleted, or you may no longer edit it.",
  conflict:
    "Somebody else changed this dashboard. Reload to see their version; your last changes are not saved.",
};

const es: typeof en = {
  untitled: "tesela sin título",
  named: (title) => `«${title}»`,
  add: (name) => `Añadir ${name}`,
  edit: (name) => `Editar ${name}`,
  duplicate: (name) => `Duplicar ${name}`,
  copyOf: (title) => `${title} (copia)`,
  remove: (name) => `Eliminar ${name}`,
  move: (name) => `Mover ${name}`,
  resize: (name) => `Cambiar el tamaño de ${name}`,
  moveTo: (name, page) => `Mover ${name} a la página «${page}»`,
  renameDashboard: "Renombrar el panel",
  changeSettings: "Cambiar los ajustes del panel",
  changeFilters: "Cambiar los filtros",
  addPage: (page) => `Añadir la página «${page}»`,
  renamePage: (page) => `Renombrar la página «${page}»`,
  movePage: (page) => `Mover la página «${page}»`,
  deletePage: (page) => `Eliminar la página «${page}»`,
  closeGaps: (page) => `Cerrar los huecos de la página «${page}»`,
  signedOut: "La sesión ha terminado. Entre de nuevo en otra pestaña; sus cambios siguen aquí.",
  offline: "Sin conexión. Sus cambios siguen aquí y se guardarán cuando el servidor responda.",
  busy: "El servidor está ocupado. Sus cambios siguen aquí; se volverá a intentar.",
  gone: "Este panel se ha eliminado o ya no puede editarlo.",
  conflict:
    "Otra persona ha cambiado este panel. Recargue para ver esa versión; sus últimos cambios no se han guardado.",
};

export const useHistoryText = catalogue(en, es);
