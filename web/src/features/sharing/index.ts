/** Sharing: the dialog of the public link. Loaded when it is opened. */
export { ShareDialog } from "./ShareDialog";
