export { EditGrid, type EditGridProps, HANDLE_CLASS, NO_DRAG_CLASS } from "./EditGrid";
export * from "./rules";
