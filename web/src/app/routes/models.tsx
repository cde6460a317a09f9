import { ModelsPage } from "@/features/models/ModelsPage";

export function ModelsRoute() {
  return <ModelsPage />;
}
