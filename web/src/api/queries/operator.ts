/** Who runs the server. Apart from the other words about tenants: the shell asks this on every page. */
import type { Me, Tenant } from "../types";

/** The server's first tenant: its admins are the operators. */
const FIRST_TENANT = "default";

export function isOperator(me: Me | null | undefined): boolean {
  return me?.role === "admin" && me.tenant_id === FIRST_TENANT;
}

export function isFirst(tenant: Tenant): boolean {
  return tenant.id === FIRST_TENANT;
}
