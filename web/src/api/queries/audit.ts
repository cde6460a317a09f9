/** Who did what to what. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { ask, withParams } from "../client";
import { keys } from "../keys";
import type { AuditLine } from "../types";

/** Which lines; `from` and `to` are dates, the last one included. */
export interface AuditSearch {
  from?: string;
  to?: string;
  person?: string;
  action?: string;
}

export interface AuditPage {
  lines: AuditLine[];
  total: number;
}

export const AUDIT_PAGE = 50;

function paramsOf({ from, to, person, action }: AuditSearch) {
  return { from, to, user_id: person, action };
}

/** One page of lines, the newest first. `page` counts from 1. */
export function auditQuery(search: AuditSearch, page: number) {
  return queryOptions({
    queryKey: keys.audit({ ...search, page }),
    queryFn: async ({ signal }): Promise<AuditPage> => {
      const params = { ...paramsOf(search), limit: AUDIT_PAGE, offset: (page - 1) * AUDIT_PAGE };
      const { data, headers } = await ask<AuditLine[]>("/api/audit", { params, signal });
      return { lines: data, total: Number(headers.get("X-Total-Count") ?? data.length) };
    },
    placeholderData: keepPreviousData,
  });
}

/** The address of the same lines, all of them, as CSV. */
export function auditFile(search: AuditSearch): string {
  return withParams("/api/audit/export", paramsOf(search));
}
