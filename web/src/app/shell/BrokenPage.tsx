import { IconMoodConfuzed } from "@tabler/icons-react";
import { useCommon } from "@/i18n/common";
import { EmptyState } from "@/ui/EmptyState";

export function BrokenPage() {
  const t = useCommon();
  return (
    <EmptyState
      icon={<IconMoodConfuzed size={30} />}
      title={t.somethingBroke}
      action={{ label: t.reload, onClick: () => window.location.reload() }}
    >
      {t.somethingBrokeWhy}
    </EmptyState>
  );
}
