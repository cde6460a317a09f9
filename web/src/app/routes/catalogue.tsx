import { useNavigate, useSearch } from "@tanstack/react-router";
import { CataloguePage } from "@/features/metrics/CataloguePage";
import { MetricForm } from "@/features/metrics/MetricForm";

export function CatalogueRoute() {
  const { new: isNew, ...search } = useSearch({ from: "/app/catalogue" });
  const navigate = useNavigate();
  if (isNew) {
    const done = (name?: string) =>
      name ? navigate({ to: "/catalogue/$name", params: { name } }) : navigate({ to: "/catalogue" });
    return <MetricForm onDone={done} />;
  }
  return (
    <CataloguePage
      search={search}
      onSearch={(next) => navigate({ to: "/catalogue", search: next, replace: true })}
      onAdd={() => navigate({ to: "/catalogue", search: { ...search, new: 1 } })}
    />
  );
}
