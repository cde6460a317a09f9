import { useNavigate, useSearch } from "@tanstack/react-router";
import { PoliciesPage } from "@/features/policies/PoliciesPage";

export function PoliciesRoute() {
  const { datasource } = useSearch({ from: "/app/policies" });
  const navigate = useNavigate();
  return (
    <PoliciesPage
      datasourceId={datasource}
      onDatasource={(id) => navigate({ to: "/policies", search: { datasource: id }, replace: true })}
    />
  );
}
