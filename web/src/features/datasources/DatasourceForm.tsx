/** The form of a connection: for a new one, or for one that is there. */

import {
  Alert,
  Button,
  Group,
  PasswordInput,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
  UnstyledButton,
} from "@mantine/core";
import { IconCircleCheck, IconPlugConnectedX } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { sentenceOf } from "@/api/client";
import { keys } from "@/api/keys";
import {
  createDatasource,
  testDatasource,
  testNewDatasource,
  updateDatasource,
} from "@/api/queries/datasources";
import type { Datasource, DatasourceType, TestResult } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { formatDuration } from "@/lib/format";
import { ErrorNote } from "@/ui/ErrorNote";
import { type Fields, fieldsOf, inputOf, isComplete, SSL_MODES } from "./config";
import classes from "./datasources.module.css";
import { TypeIcon } from "./TypeIcon";
import { useDatasourceText } from "./text";

interface Props {
  /** Absent: a new one. */
  current?: Datasource;
  onSaved: (saved: Datasource) => void;
  onCancel: () => void;
  isAdmin: boolean;
}

export function DatasourceForm({ current, onSaved, onCancel, isAdmin }: Props) {
  const common = useCommon();
  const t = useDatasourceText();
  const client = useQueryClient();
  const [fields, setFields] = useState(() => fieldsOf(current));
  const [isTouched, setTouched] = useState(false);
  const set = (change: Partial<Fields>) => {
    setTouched(true);
    setFields((now) => ({ ...now, ...change }));
  };

  const test = useMutation({
    // What is stored is tested as it is stored: its password never comes back to the browser.
    mutationFn: () =>
      current && !isTouched ? testDatasource(current.id) : testNewDatasource(inputOf(fields)),
  });
  const save = useMutation({
    mutationFn: () =>
      current ? updateDatasource(current.id, inputOf(fields)) : createDatasource(inputOf(fields)),
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: keys.datasources });
      onSaved(saved);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isComplete(fields)) save.mutate();
  };
  const needsPassword = Boolean(current) && isTouched && fields.type === "postgresql" && !fields.password;

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {!current && <TypePicker value={fields.type} onChange={(type) => set({ type })} isAdmin={isAdmin} />}
        <TextInput
          label={common.name}
          placeholder={t.namePlaceholder}
          data-autofocus
          required
          withAsterisk={false}
          maxLength={200}
          value={fields.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        {fields.type === "postgresql" && (
          <PostgresFields fields={fields} set={set} isStored={Boolean(current)} />
        )}
        {fields.type === "sqlite" && (
          <TextInput
            label={t.path}
            description={t.pathHint}
            placeholder="/data/shop.sqlite"
            required
            withAsterisk={false}
            value={fields.path}
            onChange={(event) => set({ path: event.currentTarget.value })}
          />
        )}
        <Switch
          label={t.makeDefault}
          checked={fields.is_default}
          onChange={(event) => set({ is_default: event.currentTarget.checked })}
        />
        <Switch
          label={t.share}
          checked={fields.is_shared}
          onChange={(event) => set({ is_shared: event.currentTarget.checked })}
        />
        {test.isError && <TestNote result={{ ok: false, message: sentenceOf(test.error), duration_ms: 0 }} />}
        {test.data && <TestNote result={test.data} />}
        {save.isError && <ErrorNote error={save.error} />}
        <Group justify="space-between" mt="xs">
          <Button
            variant="default"
            onClick={() => test.mutate()}
            loading={test.isPending}
            disabled={!isComplete(fields) || needsPassword}
          >
            {t.test}
          </Button>
          <Group gap="xs">
            <Button variant="subtle" color="gray" onClick={onCancel}>
              {common.cancel}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={!isComplete(fields)}>
              {current ? common.save : t.add}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

interface PickerProps {
  value: DatasourceType;
  onChange: (type: DatasourceType) => void;
  isAdmin: boolean;
}

function TypePicker({ value, onChange, isAdmin }: PickerProps) {
  const t = useDatasourceText();
  const types: DatasourceType[] = isAdmin ? ["postgresql", "duckdb", "sqlite"] : ["postgresql", "duckdb"];
  return (
    <div className={classes.types} role="radiogroup" aria-label={t.type}>
      {types.map((type) => (
        <UnstyledButton
          key={type}
          role="radio"
          aria-checked={value === type}
          className={classes.type}
          onClick={() => onChange(type)}
        >
          <TypeIcon type={type} />
          <span>
            <b>{t.types[type]}</b>
            <Text size="xs" c="dimmed" component="span" className={classes.typeWhy}>
              {t.typeWhy[type]}
            </Text>
          </span>
        </UnstyledButton>
      ))}
    </div>
  );
}

interface PostgresProps {
  fields: Fields;
  set: (change: Partial<Fields>) => void;
  isStored: boolean;
}

function PostgresFields({ fields, set, isStored }: PostgresProps) {
  const t = useDatasourceText();
  const input = (key: "host" | "port" | "database" | "user" | "schema") => ({
    value: fields[key],
    onChange: (event: { currentTarget: { value: string } }) => set({ [key]: event.currentTarget.value }),
    autoComplete: "off",
  });
  return (
    <>
      <div className={classes.hostPort}>
        <TextInput
          label={t.host}
          placeholder="db.example.com"
          required
          withAsterisk={false}
          {...input("host")}
        />
        <TextInput label={t.port} inputMode="numeric" pattern="[0-9]*" {...input("port")} />
      </div>
      <div className={classes.pairs}>
        <TextInput label={t.database} required withAsterisk={false} {...input("database")} />
        <TextInput label={t.schema} placeholder={t.schemaHint} {...input("schema")} />
        <TextInput label={t.user} required withAsterisk={false} {...input("user")} />
        <PasswordInput
          label={t.password}
          placeholder={isStored ? "••••••••" : undefined}
          description={isStored ? t.passwordKept : undefined}
          inputWrapperOrder={["label", "input", "description", "error"]}
          autoComplete="new-password"
          value={fields.password}
          onChange={(event) => set({ password: event.currentTarget.value })}
        />
      </div>
      <Select
        label={t.sslmode}
        clearable
        placeholder="prefer"
        data={SSL_MODES}
        value={fields.sslmode || null}
        onChange={(value) => set({ sslmode: value ?? "" })}
      />
    </>
  );
}

export function TestNote({ result }: { result: TestResult }) {
  const t = useDatasourceText();
  const icon = result.ok ? <IconCircleCheck size={18} /> : <IconPlugConnectedX size={18} />;
  return (
    <Alert color={result.ok ? "teal" : "red"} variant="light" icon={icon} role="status">
      <Text size="sm">
        {result.message}
        {result.ok && (
          <Text span c="dimmed" inherit>
            {" "}
            ({t.answered(formatDuration(result.duration_ms))})
          </Text>
        )}
      </Text>
    </Alert>
  );
}
