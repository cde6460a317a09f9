/** The second tier as one chunk: ECharts' parts and the functions that draw with them. */
import "./engine-more";

export { DRAWS } from "./draws-more";
