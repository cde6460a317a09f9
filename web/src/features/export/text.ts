import { catalogue } from "@/i18n/catalogue";

export const useExportText = catalogue(
  {
    csv: "Download CSV",
    xlsx: "Download Excel",
    workbook: "Download as a workbook",
    preparing: (name: string) => `Preparing "${name}"…`,
    broken: "The file did not arrive whole. Try again.",
    done: (file: string) => `Downloaded ${file}`,
  },
  {
    csv: "Descargar CSV",
    xlsx: "Descargar Excel",
    workbook: "Descargar como libro de Excel",
    preparing: (name) => `Preparando «${name}»…`,
    broken: "El archivo no llegó entero. Inténtelo de nuevo.",
    done: (file) => `Descargado: ${file}`,
  },
);
