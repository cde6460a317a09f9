/** Everything the pages stand on: theme, answers kept, router, toasts. */

import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useStore } from "zustand";
import { onLoggedOut } from "@/api/client";
import { keys } from "@/api/keys";
import { ErrorBoundary } from "@/ui/ErrorBoundary";
import { overlays } from "@/ui/overlays";
import { queryClient } from "./queryClient";
import { router } from "./router";
import { schemeManagerFor } from "./scheme";
import { BrokenPage } from "./shell/BrokenPage";
import { cssVariables, theme } from "./theme";

const OverlayHost = lazy(() => import("@/ui/OverlayHost"));

const schemeManager = schemeManagerFor(window.location);

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
          <RouterProvider router={router} />
          <Overlays />
        </QueryClientProvider>
      </ErrorBoundary>
    </MantineProvider>
  );
}

/** Toasts and questions: loaded with the first of them. */
function Overlays() {
  const isWanted = useStore(overlays, (state) => state.toasts.length > 0 || state.question !== null);
  const [wasWanted, setWasWanted] = useState(false);
  if (isWanted && !wasWanted) setWasWanted(true);
  return (
    <ErrorBoundary fallback={() => null}>
      <Suspense fallback={null}>{wasWanted && <OverlayHost />}</Suspense>
    </ErrorBoundary>
  );
}

/** The session ended under us: log in, then come back to this very view. */
function goToLogin() {
  const here = router.state.location;
  if (here.pathname === "/login") return;
  queryClient.setQueryData(keys.me, null);
  router.navigate({ to: "/login", search: { next: here.href } });
}
