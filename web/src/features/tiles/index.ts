export { type DrawnTile, TileBody, type TileBodyProps, type TileContext } from "./TileBody";
