import { useNavigate, useSearch } from "@tanstack/react-router";
import { DatasourcesPage } from "@/features/datasources/DatasourcesPage";

export function DatasourcesRoute() {
  const { add } = useSearch({ from: "/app/datasources" });
  const navigate = useNavigate();
  return (
    <DatasourcesPage
      adding={add}
      onAdding={(next) => navigate({ to: "/datasources", search: next ? { add: next } : {}, replace: true })}
      onOpen={(id) => navigate({ to: "/datasources/$id", params: { id } })}
    />
  );
}
