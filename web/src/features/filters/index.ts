export { FilterBar } from "./FilterBar";
export { FilterCount } from "./FilterCount";
