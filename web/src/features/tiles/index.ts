export { type DrawnTile, TileBody, type TileBodyProps, type TileClick, type TileContext } from "./TileBody";
