/** Editing a dashboard. The route loads this lazily. */
export { EditMode, type EditModeProps } from "./EditMode";
