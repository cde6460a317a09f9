import { Group } from "@mantine/core";
import { AccountPage } from "@/features/auth/AccountPage";
import { LanguageControl, SchemeControl } from "../shell/controls";

export function AccountRoute() {
  return (
    <AccountPage
      appearance={
        <Group gap="lg" grow preventGrowOverflow={false} maw={460}>
          <SchemeControl />
          <LanguageControl />
        </Group>
      }
    />
  );
}
