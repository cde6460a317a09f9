/** The server's sentence, and each problem it names. */
import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { ApiError, sentenceOf } from "@/api/client";
import classes from "./bundles.module.css";

export function Refused({ error }: { error: Error }) {
  const problems = error instanceof ApiError ? error.problems : [];
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle size={18} />}
      role="alert"
      mt="md"
      className={classes.refused}
    >
      <Text size="sm">{sentenceOf(error)}</Text>
      {problems.length > 1 && (
        <ul className={classes.problems}>
          {problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
    </Alert>
  );
}
