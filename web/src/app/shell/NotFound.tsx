import { IconMapPinOff } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useCommon } from "@/i18n/common";
import { EmptyState } from "@/ui/EmptyState";

export function NotFound() {
  const t = useCommon();
  const navigate = useNavigate();
  return (
    <EmptyState
      icon={<IconMapPinOff size={30} />}
      title={t.notFound}
      action={{ label: t.toDashboards, onClick: () => navigate({ to: "/dashboards" }) }}
    >
      {t.notFoundWhy}
    </EmptyState>
  );
}
