export { Crumbs } from "./Crumbs";
export { isSelected, kindsOf } from "./meaning";
export { type Clicked, type TileClicks, useTileClicks } from "./useTileClicks";
