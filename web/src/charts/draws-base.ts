/** The drawing functions of the first tier, and funnel's, which shares its reading of names and values with pie's. */
import type { Draw } from "./contract";
import { draw as bar } from "./types/bar";
import { draw as funnel } from "./types/funnel";
import { draw as gauge } from "./types/gauge";
import { drawArea as area, drawLine as line } from "./types/line";
import { draw as pie } from "./types/pie";
import { draw as scatter } from "./types/scatter";

export const DRAWS = { bar, line, area, pie, scatter, gauge, funnel } satisfies Record<string, Draw>;
