import { catalogue } from "@/i18n/catalogue";

export const usePickerText = catalogue(
  {
    teams: "Teams",
    people: "People",
    nobody: "Nobody by this name",
    members: (n: number) => (n === 1 ? "1 member" : `${n} members`),
  },
  {
    teams: "Equipos",
    people: "Personas",
    nobody: "No hay nadie con ese nombre",
    members: (n) => (n === 1 ? "1 miembro" : `${n} miembros`),
  },
);
