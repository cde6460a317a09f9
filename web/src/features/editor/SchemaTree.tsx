/** What the datasource holds, as a list to open: a click on a name puts it into the query. */

import { ActionIcon, Loader, Text, TextInput, Tooltip, UnstyledButton } from "@mantine/core";
import { IconChevronRight, IconEye, IconRefresh, IconSearch, IconTable } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState } from "react";
import { sentenceOf } from "@/api/client";
import { keys } from "@/api/keys";
import { readSchemaAgain, valuesQuery } from "@/api/queries/datasources";
import type { Catalog, CatalogColumn, CatalogTable } from "@/api/types";
import { formatCompact } from "@/lib/format";
import { ErrorNote } from "@/ui/ErrorNote";
import { quoted, type Scope, tableName } from "../sql-editor/schema";
import classes from "./editor.module.css";
import { useEditorText } from "./messages";

export interface ListedTable {
  catalog: string;
  schema: string;
  table: CatalogTable;
  /** As the query names it. */
  sql: string;
}

interface SchemaTreeProps {
  datasourceId: string;
  catalog: Catalog | undefined;
  isLoading: boolean;
  error: Error | null;
  scope: Scope;
  onInsert: (sql: string) => void;
}

const MAX_SHOWN = 200;

export function SchemaTree({ datasourceId, catalog, isLoading, error, scope, onInsert }: SchemaTreeProps) {
  const text = useEditorText();
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const filter = useDeferredValue(typed);
  const [problem, setProblem] = useState<unknown>(null);
  const all = useMemo(() => (catalog ? listed(catalog, scope) : []), [catalog, scope]);
  const shown = useMemo(() => matching(all, filter), [all, filter]);
  const readAgain = async () => {
    try {
      client.setQueryData(keys.schema(datasourceId), await readSchemaAgain(datasourceId));
      setProblem(null);
    } catch (failure) {
      setProblem(failure);
    }
  };
  return (
    <section className={classes.tree} aria-label={text.tables}>
      <div className={classes.treeTools}>
        <TextInput
          size="xs"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          placeholder={text.filterTables}
          aria-label={text.filterTables}
          leftSection={<IconSearch size={14} />}
          flex={1}
        />
        <Tooltip label={text.readAgain}>
          <ActionIcon variant="subtle" color="gray" aria-label={text.readAgain} onClick={readAgain}>
            <IconRefresh size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
      {isLoading && <Loader size="sm" m="sm" />}
      {(error !== null || problem !== null) && <ErrorNote error={problem ?? error} onRetry={readAgain} />}
      {catalog && shown.length === 0 && (
        <Text size="xs" c="dimmed" p="xs">
          {filter ? text.noMatch : text.noTables}
        </Text>
      )}
      <ul className={classes.treeList}>
        {shown.slice(0, MAX_SHOWN).map((one) => (
          <TableNode
            key={`${one.catalog}.${one.schema}.${one.table.name}`}
            datasourceId={datasourceId}
            listed={one}
            isOpenAtFirst={all.length <= 2 || (filter !== "" && shown.length <= 5)}
            onInsert={onInsert}
          />
        ))}
      </ul>
    </section>
  );
}

interface TableNodeProps {
  datasourceId: string;
  listed: ListedTable;
  isOpenAtFirst: boolean;
  onInsert: (sql: string) => void;
}

function TableNode({
  datasourceId,
  listed: { catalog, schema, table, sql },
  isOpenAtFirst,
  onInsert,
}: TableNodeProps) {
  const text = useEditorText();
  const [opened, setOpened] = useState<boolean | null>(null);
  const isOpen = opened ?? isOpenAtFirst;
  return (
    <li>
      <div className={classes.treeRow}>
        <ActionIcon
          size="xs"
          variant="transparent"
          color="gray"
          aria-expanded={isOpen}
          aria-label={`${text.columns}: ${table.name}`}
          onClick={() => setOpened(!isOpen)}
        >
          <IconChevronRight size={14} className={classes.chevron} data-open={isOpen || undefined} />
        </ActionIcon>
        <UnstyledButton className={classes.treeName} onClick={() => onInsert(sql)} title={text.insert(sql)}>
          <IconTable size={14} aria-hidden="true" className={classes.treeIcon} />
          <span>{sql}</span>
        </UnstyledButton>
        {table.row_count !== null && (
          <span className={classes.treeDetail} title={text.rows(table.row_count)}>
            {formatCompact(table.row_count)}
          </span>
        )}
      </div>
      {isOpen && (
        <ul className={classes.treeColumns}>
          {table.columns.map((column) => (
            <ColumnNode
              key={column.name}
              datasourceId={datasourceId}
              address={{ catalog, schema, table: table.name, column: column.name }}
              column={column}
              onInsert={onInsert}
            />
          ))}
        </ul>
      )}
    </li>
  );
}

interface ColumnNodeProps {
  datasourceId: string;
  address: { catalog: string; schema: string; table: string; column: string };
  column: CatalogColumn;
  onInsert: (sql: string) => void;
}

function ColumnNode({ datasourceId, address, column, onInsert }: ColumnNodeProps) {
  const text = useEditorText();
  const [wantsValues, setWantsValues] = useState(false);
  const values = useQuery({ ...valuesQuery(datasourceId, address), enabled: wantsValues });
  return (
    <li>
      <div className={classes.treeRow}>
        <UnstyledButton className={classes.treeName} onClick={() => onInsert(quoted(column.name))}>
          <span>{column.name}</span>
        </UnstyledButton>
        <span className={classes.treeDetail}>{column.type.toLowerCase()}</span>
        <ActionIcon
          size="xs"
          variant="transparent"
          color="gray"
          className={classes.treeEye}
          aria-expanded={wantsValues}
          aria-label={text.sampleValues(column.name)}
          onClick={() => setWantsValues(!wantsValues)}
        >
          <IconEye size={14} />
        </ActionIcon>
      </div>
      {wantsValues && (
        <div className={classes.values}>
          {values.isPending && <Loader size={12} />}
          {values.error && (
            <Text size="xs" c="red">
              {sentenceOf(values.error)}
            </Text>
          )}
          {values.data?.length === 0 && <Text size="xs">{text.noValues}</Text>}
          {values.data?.map((value) => (
            <button
              type="button"
              key={value}
              className={classes.value}
              onClick={() => onInsert(literal(value, column.type))}
            >
              {value}
            </button>
          ))}
        </div>
      )}
    </li>
  );
}

/** Every table with the name the query gives it; those of the scope first. */
export function listed(catalog: Catalog, scope: Scope): ListedTable[] {
  const tables = catalog.catalogs.flatMap(({ name, schemas }) =>
    schemas.flatMap((schema) =>
      schema.tables.map((table) => ({
        catalog: name,
        schema: schema.name,
        table,
        sql: tableName(name, schema.name, table.name, scope),
      })),
    ),
  );
  const isNear = (one: ListedTable): boolean => one.catalog === scope.catalog && one.schema === scope.schema;
  return [...tables.filter(isNear), ...tables.filter((one) => !isNear(one))];
}

/** Tables whose name matches, whole; else those with matching columns, with these only. */
export function matching(tables: readonly ListedTable[], filter: string): ListedTable[] {
  const wanted = filter.trim().toLowerCase();
  if (wanted === "") return [...tables];
  return tables.flatMap((one) => {
    if (one.sql.toLowerCase().includes(wanted)) return [one];
    const columns = one.table.columns.filter((column) => column.name.toLowerCase().includes(wanted));
    return columns.length > 0 ? [{ ...one, table: { ...one.table, columns } }] : [];
  });
}

const NUMERIC = /int|decimal|numeric|float|double|real|serial/i;

/** A sample value as SQL: numbers bare, everything else as a string. */
export function literal(value: string, type: string): string {
  if (NUMERIC.test(type) && /^-?\d+(\.\d+)?$/.test(value)) return value;
  return `'${value.replaceAll("'", "''")}'`;
}
