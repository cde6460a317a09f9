import { TeamsPage } from "@/features/teams/TeamsPage";

export function TeamsRoute() {
  return <TeamsPage />;
}
