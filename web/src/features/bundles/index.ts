/** Dashboards as files: export, and the import wizard. Loaded when one of them is wanted. */
export { exportFile } from "./exportFile";
export { ImportWizard } from "./ImportWizard";
