export { downloadDashboard, downloadTile, type Format } from "./download";
export { useExportText } from "./text";
