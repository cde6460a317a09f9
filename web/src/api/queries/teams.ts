/** Teams, and the people one can share with. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { del, get, post, put } from "../client";
import { keys } from "../keys";
import type { Person, Team, TeamDetail } from "../types";

export const teamsQuery = queryOptions({
  queryKey: keys.teams,
  queryFn: ({ signal }) => get<Team[]>("/api/teams", undefined, signal),
});

/** A team with its members. */
export function teamQuery(id: string) {
  return queryOptions({
    queryKey: keys.team(id),
    queryFn: ({ signal }) => get<TeamDetail>(`/api/teams/${id}`, undefined, signal),
  });
}

export interface TeamInput {
  name: string;
  description?: string | null;
}

export function createTeam(body: TeamInput): Promise<TeamDetail> {
  return post<TeamDetail>("/api/teams", body);
}

export function updateTeam(id: string, body: TeamInput): Promise<TeamDetail> {
  return put<TeamDetail>(`/api/teams/${id}`, body);
}

export function deleteTeam(id: string): Promise<void> {
  return del(`/api/teams/${id}`);
}

export function addMember(id: string, userId: string): Promise<TeamDetail> {
  return post<TeamDetail>(`/api/teams/${id}/members/${userId}`);
}

export function removeMember(id: string, userId: string): Promise<void> {
  return del(`/api/teams/${id}/members/${userId}`);
}

/** Active people by a part of their name; the former answer stays until the next one is there. */
export function foundPeopleQuery(search: string) {
  return queryOptions({
    queryKey: keys.foundPeople(search),
    queryFn: ({ signal }) => get<Person[]>("/api/people", { search, limit: 20 }, signal),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}
