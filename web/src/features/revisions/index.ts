/** Revisions and checkpoints: the panel of a dashboard's past. Loaded when it is opened. */
export { HistoryPanel } from "./HistoryPanel";
