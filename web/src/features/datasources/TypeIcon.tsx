/** A sign for each kind of database. */

import { IconDatabase, IconFileDatabase, IconSql } from "@tabler/icons-react";
import type { DatasourceType } from "@/api/types";
import classes from "./datasources.module.css";

const ICONS = { duckdb: IconDatabase, sqlite: IconFileDatabase, postgresql: IconSql };

export function TypeIcon({ type }: { type: DatasourceType }) {
  const Icon = ICONS[type];
  return (
    <span className={classes.typeIcon} data-type={type} aria-hidden="true">
      <Icon size={22} stroke={1.6} />
    </span>
  );
}
