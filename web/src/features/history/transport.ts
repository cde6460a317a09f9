/** The network part of saving: one call of the API per operation, every failure as a `CallFailed`. */

import { ApiError, ask, get, OfflineError, versionOf } from "@/api/client";
import type { Dashboard, Page } from "@/api/types";
import type { Operation } from "./operations";
import { CallFailed, type Saver, type Sent } from "./saveQueue";

export interface Call {
  method: "POST" | "PUT" | "DELETE";
  path: string;
  body?: unknown;
}

/** The call that does the operation, relative to the dashboard's own address. */
export function callOf(operation: Operation): Call {
  switch (operation.kind) {
    case "dashboard.update":
      return { method: "PUT", path: "", body: operation.changes };
    case "page.create":
      return { method: "POST", path: "/pages", body: { id: operation.page.id, name: operation.page.name } };
    case "page.rename":
      return { method: "PUT", path: `/pages/${operation.id}`, body: { name: operation.name } };
    case "page.delete":
      return { method: "DELETE", path: `/pages/${operation.id}` };
    case "page.order":
      return { method: "PUT", path: "/pages/order", body: { page_ids: operation.ids } };
    case "tile.create":
      return { method: "POST", path: "/tiles", body: operation.tile };
    case "tile.update":
      return { method: "PUT", path: `/tiles/${operation.id}`, body: operation.changes };
    case "tile.delete":
      return { method: "DELETE", path: `/tiles/${operation.id}` };
    case "layout":
      return { method: "PUT", path: "/tiles/layout", body: { layouts: operation.placements } };
  }
}

export function saverOf(dashboardId: string): Saver {
  const address = `/api/dashboards/${dashboardId}`;
  return {
    send: async (operation, version): Promise<Sent> => {
      const { method, path, body } = callOf(operation);
      return translated(async () => {
        const answer = await ask<Page | undefined>(address + path, {
          method,
          body,
          ifMatch: version,
          keepSession: true,
        });
        return {
          version: versionOf(answer.headers) ?? version + 1,
          pageId: operation.kind === "page.create" ? answer.data?.id : undefined,
        };
      });
    },
    load: () => translated(() => get<Dashboard>(address)),
  };
}

async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ApiError)
      throw new CallFailed(error.status, error.message, error.line, error.column);
    if (error instanceof OfflineError) throw new CallFailed(null, error.message);
    throw error;
  }
}
