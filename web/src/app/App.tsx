/** Everything the pages stand on: theme, answers kept, router, toasts. */

import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect } from "react";
import { onLoggedOut } from "@/api/client";
import { keys } from "@/api/keys";
import { ErrorBoundary } from "@/ui/ErrorBoundary";
import { queryClient } from "./queryClient";
import { router } from "./router";
import { BrokenPage } from "./shell/BrokenPage";
import { cssVariables, theme } from "./theme";

const schemeManager = localStorageColorSchemeManager({ key: "tesela.scheme" });

export function App() {
  useEffect(() => onLoggedOut(goToLogin), []);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={schemeManager}
      defaultColorScheme="auto"
    >
      <ErrorBoundary fallback={() => <BrokenPage />}>
        <QueryClientProvider client={queryClient}>
          <ModalsProvider>
            <RouterProvider router={router} />
          </ModalsProvider>
          <Notifications position="bottom-right" limit={4} />
        </QueryClientProvider>
      </ErrorBoundary>
    </MantineProvider>
  );
}

/** The session ended under us: log in, then come back to this very view. */
function goToLogin() {
  const here = router.state.location;
  if (here.pathname === "/login") return;
  queryClient.setQueryData(keys.me, null);
  router.navigate({ to: "/login", search: { next: here.href } });
}
