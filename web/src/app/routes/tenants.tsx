import { TenantsPage } from "@/features/tenants/TenantsPage";

export function TenantsRoute() {
  return <TenantsPage />;
}
