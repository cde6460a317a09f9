import { useNavigate, useSearch } from "@tanstack/react-router";
import { AuditPage } from "@/features/audit/AuditPage";

export function AuditRoute() {
  const search = useSearch({ from: "/app/audit" });
  const navigate = useNavigate();
  return <AuditPage search={search} onSearch={(next) => void navigate({ to: "/audit", search: next })} />;
}
