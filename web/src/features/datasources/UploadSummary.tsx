/** What came of an upload: the table, its columns, and the lines that could not be read. */

import { Alert, Button, Group, ScrollArea, Stack, Table, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import type { UploadResult } from "@/api/types";
import classes from "./datasources.module.css";
import { useDatasourceText } from "./text";

interface Props {
  result: UploadResult;
  onAgain: () => void;
  onOpen: (datasourceId: string) => void;
}

export function UploadSummary({ result, onAgain, onOpen }: Props) {
  const t = useDatasourceText();
  return (
    <Stack gap="md">
      <Alert
        color="teal"
        variant="light"
        icon={<IconCircleCheck size={18} />}
        title={t.uploadDone(result.row_count)}
      >
        {t.inTable(result.table, result.datasource_name)}
      </Alert>
      {result.rejected_count > 0 && <Rejected result={result} />}
      <div>
        <Text size="sm" fw={600} mb={6}>
          {t.columns(result.columns.length)}
        </Text>
        <div className={classes.chips}>
          {result.columns.map((column) => (
            <span key={column.name}>
              {column.name} <i>{column.type}</i>
            </span>
          ))}
        </div>
      </div>
      <Group justify="flex-end" gap="xs">
        <Button variant="subtle" color="gray" onClick={onAgain}>
          {t.anotherFile}
        </Button>
        <Button onClick={() => onOpen(result.datasource_id)}>{t.open}</Button>
      </Group>
    </Stack>
  );
}

function Rejected({ result }: { result: UploadResult }) {
  const t = useDatasourceText();
  return (
    <Alert
      color="yellow"
      variant="light"
      icon={<IconAlertTriangle size={18} />}
      title={t.rejected(result.rejected_count)}
    >
      <ScrollArea.Autosize mah={180}>
        <Table verticalSpacing={4} fz="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={70}>{t.line}</Table.Th>
              <Table.Th>{t.reason}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {result.rejected.map(({ line, reason }) => (
              <Table.Tr key={`${line} ${reason}`}>
                <Table.Td className="tnum">{line}</Table.Td>
                <Table.Td>{reason}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
    </Alert>
  );
}
