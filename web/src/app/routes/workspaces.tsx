import { WorkspacesPage } from "@/features/workspaces/WorkspacesPage";

export function WorkspacesRoute() {
  return <WorkspacesPage />;
}
