/** Who there is to choose from: people and teams by name. */
import { queryOptions } from "@tanstack/react-query";
import { get } from "../client";
import { keys } from "../keys";

/** `email` is null for who is no admin. */
export interface Someone {
  id: string;
  name: string;
  email: string | null;
}

/** Active people whose name has these letters; a hundred at most. */
export function directoryQuery(search: string) {
  return queryOptions({
    queryKey: keys.directory(search),
    queryFn: ({ signal }) => get<Someone[]>("/api/people", { search, limit: 100 }, signal),
    staleTime: 60_000,
  });
}

export const teamNamesQuery = queryOptions({
  queryKey: keys.teamNames,
  queryFn: ({ signal }) => get<{ id: string; name: string }[]>("/api/teams", undefined, signal),
  staleTime: 60_000,
});
