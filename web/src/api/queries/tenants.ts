/** Tenants, for the operator of the server. */
import { queryOptions } from "@tanstack/react-query";
import { ask, post, put } from "../client";
import { keys } from "../keys";
import type { Tenant, TenantLimits } from "../types";

const AT_MOST = 1000;

export interface TenantList {
  items: Tenant[];
  total: number;
}

export const tenantsQuery = queryOptions({
  queryKey: keys.tenants,
  queryFn: async ({ signal }): Promise<TenantList> => {
    const { data, headers } = await ask<Tenant[]>("/api/tenants", { params: { limit: AT_MOST }, signal });
    return { items: data, total: Number(headers.get("X-Total-Count") ?? data.length) };
  },
});

export interface TenantInput {
  name?: string;
  /** null: no limit of its own. */
  limits: Partial<TenantLimits>;
}

export function createTenant(body: TenantInput & { name: string }): Promise<Tenant> {
  return post<Tenant>("/api/tenants", body);
}

export function updateTenant(id: string, body: TenantInput): Promise<Tenant> {
  return put<Tenant>(`/api/tenants/${id}`, body);
}

export function suspendTenant(id: string): Promise<Tenant> {
  return post<Tenant>(`/api/tenants/${id}/suspend`);
}

export function resumeTenant(id: string): Promise<Tenant> {
  return post<Tenant>(`/api/tenants/${id}/resume`);
}
