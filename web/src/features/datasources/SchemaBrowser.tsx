/** What is inside a datasource: tables left, the columns of the chosen one right, values on demand. */

import {
  ActionIcon,
  Badge,
  Button,
  Loader,
  Skeleton,
  Table,
  Text,
  TextInput,
  Title,
  Tooltip,
  UnstyledButton,
} from "@mantine/core";
import { IconEye, IconRefresh, IconSearch, IconTable, IconTablePlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { keys } from "@/api/keys";
import { readSchemaAgain, schemaQuery, valuesQuery } from "@/api/queries/datasources";
import type { CatalogColumn, Datasource } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { formatCompact } from "@/lib/format";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { toastError } from "@/ui/toast";
import classes from "./datasources.module.css";
import { bySchema, find, type TableEntry, tablesOf } from "./schema";
import { useDatasourceText } from "./text";

export function SchemaBrowser({ datasource, onUpload }: { datasource: Datasource; onUpload: () => void }) {
  const t = useDatasourceText();
  const schema = useQuery(schemaQuery(datasource.id));
  const [chosen, setChosen] = useState<string | null>(null);
  const [typed, setTyped] = useState("");

  if (schema.isPending) return <Skeleton h={360} radius="lg" mt="md" />;
  if (schema.isError) return <ErrorNote error={schema.error} onRetry={() => schema.refetch()} />;
  const all = tablesOf(schema.data);
  if (all.length === 0) {
    const mayUpload = datasource.type === "duckdb" && datasource.can_own;
    return (
      <EmptyState
        icon={<IconTablePlus size={30} />}
        title={t.noTables}
        action={mayUpload ? { label: t.upload, onClick: onUpload } : undefined}
      >
        {mayUpload ? t.noTablesWhy : t.noTablesWhyDb}
      </EmptyState>
    );
  }
  const found = find(all, typed);
  const entry = all.find((one) => one.key === chosen) ?? found[0] ?? all[0];
  return (
    <div className={classes.browser}>
      <aside className={classes.tables}>
        <TableFinder typed={typed} onTyped={setTyped} datasourceId={datasource.id} />
        {found.length === 0 && (
          <Text size="sm" c="dimmed" p="sm">
            {t.noMatch}
          </Text>
        )}
        {bySchema(found).map(([name, tables]) => (
          <section key={name} aria-label={name}>
            <h3>{name}</h3>
            {tables.map((one) => (
              <TableItem
                key={one.key}
                entry={one}
                isChosen={one.key === entry?.key}
                onChoose={() => setChosen(one.key)}
              />
            ))}
          </section>
        ))}
      </aside>
      {entry && <Columns key={entry.key} entry={entry} datasourceId={datasource.id} typed={typed} />}
    </div>
  );
}

interface FinderProps {
  typed: string;
  onTyped: (typed: string) => void;
  datasourceId: string;
}

function TableFinder({ typed, onTyped, datasourceId }: FinderProps) {
  const t = useDatasourceText();
  const client = useQueryClient();
  const again = useMutation({
    mutationFn: () => readSchemaAgain(datasourceId),
    onSuccess: (catalog) => client.setQueryData(keys.schema(datasourceId), catalog),
    onError: toastError,
  });
  return (
    <div className={classes.finder}>
      <TextInput
        flex={1}
        size="sm"
        type="search"
        aria-label={t.findTable}
        placeholder={t.findTable}
        leftSection={<IconSearch size={15} />}
        value={typed}
        onChange={(event) => onTyped(event.currentTarget.value)}
      />
      <Tooltip label={t.readAgain}>
        <ActionIcon
          variant="default"
          size={36}
          onClick={() => again.mutate()}
          loading={again.isPending}
          aria-label={t.readAgain}
        >
          <IconRefresh size={16} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

function TableItem({
  entry,
  isChosen,
  onChoose,
}: {
  entry: TableEntry;
  isChosen: boolean;
  onChoose: () => void;
}) {
  const { table } = entry;
  const Icon = table.kind === "view" ? IconEye : IconTable;
  return (
    <UnstyledButton className={classes.tableItem} aria-current={isChosen || undefined} onClick={onChoose}>
      <Icon size={16} stroke={1.6} />
      <span>{table.name}</span>
      {table.row_count !== null && <i className="tnum">{formatCompact(table.row_count)}</i>}
    </UnstyledButton>
  );
}

function Columns({ entry, datasourceId, typed }: { entry: TableEntry; datasourceId: string; typed: string }) {
  const common = useCommon();
  const t = useDatasourceText();
  const { table } = entry;
  const wanted = typed.trim().toLowerCase();
  return (
    <section className={classes.columns}>
      <Title order={2} size="h4">
        {table.name}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {[
          table.row_count === null ? null : common.rowCount(table.row_count),
          t.columns(table.columns.length),
          table.kind === "view" ? t.view : null,
        ]
          .filter(Boolean)
          .join(" · ")}
      </Text>
      <Table.ScrollContainer minWidth={420}>
        <Table verticalSpacing={7} layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.column}</Table.Th>
              <Table.Th w={150}>{t.type}</Table.Th>
              <Table.Th>{t.values}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {table.columns.map((column) => (
              <ColumnRow
                key={column.name}
                column={column}
                entry={entry}
                datasourceId={datasourceId}
                isFound={wanted !== "" && column.name.toLowerCase().includes(wanted)}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}

interface ColumnProps {
  column: CatalogColumn;
  entry: TableEntry;
  datasourceId: string;
  isFound: boolean;
}

function ColumnRow({ column, entry, datasourceId, isFound }: ColumnProps) {
  const t = useDatasourceText();
  const [isAsked, setAsked] = useState(false);
  const address = {
    catalog: entry.catalog,
    schema: entry.schema,
    table: entry.table.name,
    column: column.name,
  };
  return (
    <Table.Tr data-found={isFound || undefined} className={classes.columnRow}>
      <Table.Td fw={540} style={{ overflowWrap: "anywhere" }}>
        {column.name}
      </Table.Td>
      <Table.Td>
        <Badge
          variant="default"
          size="sm"
          tt="none"
          fw={500}
          title={column.nullable ? t.nullable : undefined}
        >
          {column.type}
          {column.nullable ? "" : " ∗"}
        </Badge>
      </Table.Td>
      <Table.Td>
        {isAsked ? (
          <Values datasourceId={datasourceId} address={address} />
        ) : (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            onClick={() => setAsked(true)}
            aria-label={`${t.values}: ${column.name}`}
          >
            {t.showValues}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

type Address = Parameters<typeof valuesQuery>[1];

function Values({ datasourceId, address }: { datasourceId: string; address: Address }) {
  const t = useDatasourceText();
  const values = useQuery(valuesQuery(datasourceId, address));
  if (values.isPending) return <Loader size={14} />;
  if (values.isError) return <ErrorNote error={values.error} onRetry={() => values.refetch()} />;
  if (values.data.length === 0) {
    return (
      <Text size="xs" c="dimmed">
        {t.noValues}
      </Text>
    );
  }
  return (
    <div className={classes.chips}>
      {values.data.map((value) => (
        <span key={value}>{value === "" ? t.emptyValue : value}</span>
      ))}
    </div>
  );
}
