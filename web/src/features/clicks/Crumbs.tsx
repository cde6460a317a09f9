/** The way down a tile's levels; each step leads back up to itself. */

import { IconChevronRight } from "@tabler/icons-react";
import { Fragment } from "react";
import type { DrillPath } from "@/interaction/state";
import { said } from "@/interaction/words";
import classes from "./clicks.module.css";
import { useClicksText } from "./text";

interface Props {
  path: DrillPath;
  onPath: (path: DrillPath) => void;
}

export function Crumbs({ path, onPath }: Props) {
  const t = useClicksText();
  return (
    <nav className={classes.crumbs} aria-label={t.path}>
      <button type="button" onClick={() => onPath([])} title={t.up}>
        {t.top}
      </button>
      {path.map((step, at) => {
        const isHere = at === path.length - 1;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place on the path
          <Fragment key={at}>
            <IconChevronRight size={12} aria-hidden="true" />
            {isHere ? (
              <span aria-current="location">{said(step)}</span>
            ) : (
              <button type="button" onClick={() => onPath(path.slice(0, at + 1))}>
                {said(step)}
              </button>
            )}
          </Fragment>
        );
      })}
    </nav>
  );
}
