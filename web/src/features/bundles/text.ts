import { catalogue, plural } from "@/i18n/catalogue";
import { formatInteger } from "@/lib/format";

export const useBundlesText = catalogue(
  {
    importTitle: "Import a dashboard",
    updateTitle: (name: string) => `Update "${name}" from a file`,
    exported: (file: string) => `Downloaded ${file}`,
    file: "File",
    check: "Datasources",
    finish: "Finish",
    drop: "Drop a .qry-dashboard.json file here",
    dropWhy: "Made by “Export configuration”, here or on another server",
    choose: "Choose a file",
    unreadable: {
      "too-large": "The file is larger than 10 MB; no bundle may be.",
      "not-json": "The file is no JSON. Choose one that “Export configuration” made.",
      "not-a-bundle": "The file holds no dashboard. Choose one that “Export configuration” made.",
    },
    checking: "Checking the file…",
    counts: (tiles: string, pages: number, filters: number) =>
      `${tiles} · ${formatInteger(pages)} ${plural(pages, "page", "pages")} · ${formatInteger(filters)} ${plural(filters, "filter", "filters")}`,
    mapWhy: "The tiles ask these datasources. Say which of yours take their place.",
    noSources: "No tile needs a datasource.",
    pick: "Choose a datasource",
    otherType: "another type",
    nothingFound: "Every tile fits.",
    found: (problems: number, warnings: number) =>
      [
        problems > 0 && `${formatInteger(problems)} ${plural(problems, "problem", "problems")}`,
        warnings > 0 && `${formatInteger(warnings)} ${plural(warnings, "warning", "warnings")}`,
      ]
        .filter(Boolean)
        .join(", "),
    problemsWhy: "Problems must be solved in the file, or by another datasource, before it can be imported.",
    warningsWhy: "You can import it all the same and mend the tiles afterwards.",
    next: "Continue",
    into: "Where to",
    asNew: "A new dashboard",
    asUpdate: "In place of one that exists",
    target: "Dashboard",
    pickTarget: "Choose a dashboard",
    updateWhy:
      "Its pages, tiles, filters and settings become those of the file. Link, snapshots and rights stay, and History leads back.",
    workspace: "Workspace",
    noWorkspace: "None",
    doImport: "Import",
    doUpdate: "Update",
    imported: (name: string) => `Imported "${name}"`,
    updated: (name: string) => `Updated "${name}"`,
  },
  {
    importTitle: "Importar un panel",
    updateTitle: (name) => `Actualizar «${name}» con un archivo`,
    exported: (file) => `Descargado: ${file}`,
    file: "Archivo",
    check: "Fuentes de datos",
    finish: "Terminar",
    drop: "Suelte aquí un archivo .qry-dashboard.json",
    dropWhy: "Hecho con «Exportar la configuración», aquí o en otro servidor",
    choose: "Elegir un archivo",
    unreadable: {
      "too-large": "El archivo pasa de 10 MB; ninguno puede.",
      "not-json": "El archivo no es JSON. Elija uno hecho con «Exportar la configuración».",
      "not-a-bundle": "El archivo no contiene un panel. Elija uno hecho con «Exportar la configuración».",
    },
    checking: "Comprobando el archivo…",
    counts: (tiles, pages, filters) =>
      `${tiles} · ${formatInteger(pages)} ${plural(pages, "página", "páginas")} · ${formatInteger(filters)} ${plural(filters, "filtro", "filtros")}`,
    mapWhy: "Las teselas preguntan a estas fuentes. Diga cuáles de las suyas ocupan su lugar.",
    noSources: "Ninguna tesela necesita una fuente de datos.",
    pick: "Elegir una fuente de datos",
    otherType: "otro tipo",
    nothingFound: "Todas las teselas encajan.",
    found: (problems, warnings) =>
      [
        problems > 0 && `${formatInteger(problems)} ${plural(problems, "problema", "problemas")}`,
        warnings > 0 && `${formatInteger(warnings)} ${plural(warnings, "aviso", "avisos")}`,
      ]
        .filter(Boolean)
        .join(", "),
    problemsWhy: "Los problemas se resuelven en el archivo, o con otra fuente de datos, antes de importarlo.",
    warningsWhy: "Puede importarlo igualmente y arreglar las teselas después.",
    next: "Continuar",
    into: "Dónde",
    asNew: "Un panel nuevo",
    asUpdate: "En lugar de uno que ya existe",
    target: "Panel",
    pickTarget: "Elegir un panel",
    updateWhy:
      "Sus páginas, teselas, filtros y ajustes pasan a ser los del archivo. El enlace, las instantáneas y los permisos se conservan, y el Historial permite volver.",
    workspace: "Espacio",
    noWorkspace: "Ninguno",
    doImport: "Importar",
    doUpdate: "Actualizar",
    imported: (name) => `«${name}» importado`,
    updated: (name) => `«${name}» actualizado`,
  },
);
