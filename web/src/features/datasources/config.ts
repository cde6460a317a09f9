/** The fields of a connection, as one types them and as the server takes them. */
import type { Datasource, DatasourceInput, DatasourceType } from "@/api/types";

export interface Fields {
  name: string;
  type: DatasourceType;
  host: string;
  port: string;
  database: string;
  user: string;
  password: string;
  sslmode: string;
  schema: string;
  path: string;
  is_default: boolean;
  is_shared: boolean;
}

export const SSL_MODES = ["disable", "prefer", "require", "verify-ca", "verify-full"];

function textOf(config: Record<string, unknown>, key: string): string {
  const value = config[key];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export function fieldsOf(datasource?: Datasource): Fields {
  const config = datasource?.config ?? {};
  return {
    name: datasource?.name ?? "",
    type: datasource?.type ?? "postgresql",
    host: textOf(config, "host"),
    port: textOf(config, "port") || (datasource ? "" : "5432"),
    database: textOf(config, "database"),
    user: textOf(config, "user"),
    password: "",
    sslmode: textOf(config, "sslmode"),
    schema: textOf(config, "schema"),
    path: textOf(config, "path"),
    is_default: datasource?.is_default ?? false,
    is_shared: datasource?.is_shared ?? false,
  };
}

/** What is sent. An empty password is left out, so that a stored one stays. */
export function inputOf(fields: Fields): DatasourceInput {
  return {
    name: fields.name.trim(),
    type: fields.type,
    config: configOf(fields),
    ...(fields.type === "postgresql" && fields.password && { secrets: { password: fields.password } }),
    is_default: fields.is_default,
    is_shared: fields.is_shared,
  };
}

function configOf(fields: Fields): Record<string, unknown> {
  if (fields.type === "duckdb") return {};
  if (fields.type === "sqlite") return { path: fields.path.trim() };
  const { host, database, user, sslmode, schema } = fields;
  const port = Number(fields.port || 5432);
  const all = {
    host: host.trim(),
    port,
    database: database.trim(),
    user: user.trim(),
    sslmode,
    schema: schema.trim(),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
}

export function isComplete(fields: Fields): boolean {
  if (!fields.name.trim()) return false;
  if (fields.type === "sqlite") return fields.path.trim() !== "";
  if (fields.type === "duckdb") return true;
  return fields.host.trim() !== "" && fields.database.trim() !== "" && fields.user.trim() !== "";
}

/** Where it is, in one line, or nothing for what lives inside. */
export function addressOf({ type, config }: Datasource): string {
  if (type === "sqlite") return textOf(config, "path");
  if (type !== "postgresql") return "";
  const port = textOf(config, "port");
  const place = [textOf(config, "host"), port && port !== "5432" ? `:${port}` : ""].join("");
  return [place, textOf(config, "database")].filter(Boolean).join("/");
}
