import { useNavigate, useParams } from "@tanstack/react-router";
import { DatasourcePage } from "@/features/datasources/DatasourcePage";

export function DatasourceRoute() {
  const { id } = useParams({ from: "/app/datasources/$id" });
  const navigate = useNavigate();
  return <DatasourcePage key={id} id={id} onDeleted={() => navigate({ to: "/datasources" })} />;
}
