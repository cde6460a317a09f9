/** Datasources: where the data is, what is in it. */
import { queryOptions } from "@tanstack/react-query";
import { del, get, post, put } from "../client";
import { keys } from "../keys";
import type { Catalog, Datasource, DatasourceInput, QueryResult, TestResult } from "../types";

export const datasourcesQuery = queryOptions({
  queryKey: keys.datasources,
  queryFn: ({ signal }) => get<Datasource[]>("/api/datasources", undefined, signal),
});

export function datasourceQuery(id: string) {
  return queryOptions({
    queryKey: keys.datasource(id),
    queryFn: ({ signal }) => get<Datasource>(`/api/datasources/${id}`, undefined, signal),
  });
}

export function schemaQuery(id: string) {
  return queryOptions({
    queryKey: keys.schema(id),
    queryFn: ({ signal }) => get<Catalog>(`/api/datasources/${id}/schema`, undefined, signal),
    staleTime: 300_000,
  });
}

/** The schema, read again from the database itself. */
export function readSchemaAgain(id: string): Promise<Catalog> {
  return get<Catalog>(`/api/datasources/${id}/schema`, { refresh: true });
}

export interface ColumnAddress {
  catalog?: string | null;
  schema?: string | null;
  table: string;
  column: string;
}

export function valuesQuery(id: string, column: ColumnAddress) {
  return queryOptions({
    queryKey: keys.values(id, column),
    queryFn: async ({ signal }) => {
      const path = `/api/datasources/${id}/schema/values`;
      return (await get<{ values: string[] }>(path, { ...column, limit: 20 }, signal)).values;
    },
    staleTime: 300_000,
  });
}

export function createDatasource(body: DatasourceInput): Promise<Datasource> {
  return post<Datasource>("/api/datasources", body);
}

export function updateDatasource(id: string, body: Partial<DatasourceInput>): Promise<Datasource> {
  return put<Datasource>(`/api/datasources/${id}`, body);
}

export function deleteDatasource(id: string): Promise<void> {
  return del(`/api/datasources/${id}`);
}

export function testNewDatasource(body: DatasourceInput): Promise<TestResult> {
  return post<TestResult>("/api/datasources/test", body);
}

export function testDatasource(id: string): Promise<TestResult> {
  return post<TestResult>(`/api/datasources/${id}/test`);
}

export interface AdHocQuery {
  sql: string;
  catalog?: string | null;
  schema?: string | null;
  max_rows?: number;
  query_id?: string;
}

export function runQuery(id: string, body: AdHocQuery, signal?: AbortSignal): Promise<QueryResult> {
  return post<QueryResult>(`/api/datasources/${id}/query`, body, { signal });
}

export function cancelQuery(id: string, queryId: string): Promise<void> {
  return del(`/api/datasources/${id}/query/${queryId}`);
}
