import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { MetricForm } from "@/features/metrics/MetricForm";
import { MetricPage } from "@/features/metrics/MetricPage";

export function MetricRoute() {
  const { name } = useParams({ from: "/app/catalogue/$name" });
  const { edit } = useSearch({ from: "/app/catalogue/$name" });
  const navigate = useNavigate();
  if (edit) {
    const done = (saved = name) => navigate({ to: "/catalogue/$name", params: { name: saved } });
    return <MetricForm key={name} name={name} onDone={done} />;
  }
  return (
    <MetricPage
      key={name}
      name={name}
      onEdit={() => navigate({ to: "/catalogue/$name", params: { name }, search: { edit: 1 } })}
      onLeave={() => navigate({ to: "/catalogue" })}
    />
  );
}
