/** Users and workspaces. */
import { queryOptions } from "@tanstack/react-query";
import { del, get, post, put } from "../client";
import { keys } from "../keys";
import type { Role, User, Workspace } from "../types";

export const usersQuery = queryOptions({
  queryKey: keys.users,
  queryFn: ({ signal }) => get<User[]>("/api/users", undefined, signal),
});

export function createUser(body: { email: string; name?: string; role: Role }): Promise<User> {
  return post<User>("/api/users", body);
}

export function updateUser(
  id: string,
  body: { name?: string; role?: Role; is_active?: boolean; attributes?: User["attributes"] },
): Promise<User> {
  return put<User>(`/api/users/${id}`, body);
}

export function createLoginLink(id: string): Promise<{ url: string }> {
  return post<{ url: string }>(`/api/users/${id}/link`);
}

export const workspacesQuery = queryOptions({
  queryKey: keys.workspaces,
  queryFn: ({ signal }) => get<Workspace[]>("/api/workspaces", undefined, signal),
});

export interface WorkspaceInput {
  name: string;
  description?: string | null;
}

export function createWorkspace(body: WorkspaceInput): Promise<Workspace> {
  return post<Workspace>("/api/workspaces", body);
}

export function updateWorkspace(id: string, body: WorkspaceInput): Promise<Workspace> {
  return put<Workspace>(`/api/workspaces/${id}`, body);
}

export function deleteWorkspace(id: string): Promise<void> {
  return del(`/api/workspaces/${id}`);
}
