/** The choices of a filter: fixed ones at once, others from the server, narrowed by what the filter depends on. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { post } from "@/api/client";
import { keys } from "@/api/keys";
import type { Scalar } from "@/interaction/codec";
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

/** What values are called, as far as the server has told in this tab, by dashboard and filter. */
const told = new Map<string, Map<Scalar, string>>();

export function toldLabels(dashboardId: string, def: FilterDef): readonly Option[] {
  const labels = told.get(`${dashboardId}/${def.name}`);
  return labels ? [...labels].map(([value, label]) => ({ value, label })) : NONE;
}

function remember(dashboardId: string, name: string, options: readonly Option[]): void {
  const key = `${dashboardId}/${name}`;
  const labels = told.get(key) ?? new Map<Scalar, string>();
  for (const { value, label } of options) labels.set(value, label);
  told.set(key, labels);
}

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
    queryFn: async ({ signal }) => {
      const path = `/api/dashboards/${dashboardId}/filters/${encodeURIComponent(def.name)}/options`;
      const body = { ...(search && { search }), filter_values: depended };
      const answer = await post<Answer>(path, body, { signal });
      remember(dashboardId, def.name, answer.options);
      return answer;
    },
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
