import { useNavigate, useSearch } from "@tanstack/react-router";
import { DashboardsPage } from "@/features/dashboards/DashboardsPage";

export function DashboardsRoute() {
  const search = useSearch({ from: "/app/dashboards" });
  const navigate = useNavigate();
  return (
    <DashboardsPage
      search={search}
      onSearch={(next) => navigate({ to: "/dashboards", search: next, replace: true })}
      onCreated={(id) => navigate({ to: "/dashboards/$id", params: { id } })}
    />
  );
}
