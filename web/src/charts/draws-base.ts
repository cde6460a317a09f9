/** The drawing functions of the first tier. */
import type { Draw } from "./contract";
import { draw as bar } from "./types/bar";
import { drawArea as area, drawLine as line } from "./types/line";
import { draw as pie } from "./types/pie";
import { draw as scatter } from "./types/scatter";

export const DRAWS = { bar, line, area, pie, scatter } satisfies Record<string, Draw>;
