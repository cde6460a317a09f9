/** The choices of a filter: fixed ones at once, others from the server, narrowed by what the filter depends on. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { post } from "@/api/client";
import { keys } from "@/api/keys";
import type { FilterDef, FilterValues, Option } from "@/interaction/filters";

export interface Choices {
  options: readonly Option[];
  /** A search would find others. */
  hasMore: boolean;
  isLoading: boolean;
  error: unknown;
}

interface Answer {
  options: Option[];
  has_more: boolean;
}

const NONE: readonly Option[] = [];

/** isWanted: false asks nothing, as for a pill that shows no value. */
export function useOptions(
  dashboardId: string,
  def: FilterDef,
  chosen: FilterValues,
  search: string,
  isWanted: boolean,
): Choices {
  const depended = Object.fromEntries(
    def.dependsOn.filter((name) => name in chosen).map((name) => [name, chosen[name]]),
  );
  const isAsked = def.options === "asked";
  const { data, error, isFetching } = useQuery({
    queryKey: keys.filterOptions(dashboardId, def.name, { search, depended }),
    queryFn: ({ signal }) =>
      post<Answer>(
        `/api/dashboards/${dashboardId}/filters/${encodeURIComponent(def.name)}/options`,
        { ...(search && { search }), filter_values: depended },
        { signal },
      ),
    enabled: isAsked && isWanted,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  if (!isAsked) return { options: matching(def, search), hasMore: false, isLoading: false, error: null };
  return {
    options: data?.options ?? NONE,
    hasMore: data?.has_more ?? false,
    isLoading: isFetching && data === undefined,
    error,
  };
}

function matching(def: FilterDef, search: string): readonly Option[] {
  if (!Array.isArray(def.options)) return NONE;
  const wanted = search.trim().toLowerCase();
  const options = def.options as readonly Option[];
  return wanted ? options.filter((one) => one.label.toLowerCase().includes(wanted)) : options;
}
