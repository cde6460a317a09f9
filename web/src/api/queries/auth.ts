/** Who is logged in, and how to come and go. */
import { queryOptions } from "@tanstack/react-query";
import { ApiError, ask, del, get, post, put } from "../client";
import { keys } from "../keys";
import type { ApiKey, Me, NewApiKey } from "../types";

/** Me, or null when nobody is logged in. */
export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return (await ask<Me>("/api/auth/me", { signal, keepSession: true })).data;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 300_000,
});

export async function logIn(
  credentials: { email: string; password: string } | { link: string },
): Promise<Me> {
  return (await post<{ user: Me }>("/api/auth/login", credentials, { keepSession: true })).user;
}

export function logOut(): Promise<void> {
  return post<void>("/api/auth/logout", undefined, { keepSession: true });
}

export function setPassword(body: { password: string; current_password?: string }): Promise<void> {
  return put<void>("/api/auth/password", body, { keepSession: true });
}

export const apiKeysQuery = queryOptions({
  queryKey: keys.apiKeys,
  queryFn: ({ signal }) => get<ApiKey[]>("/api/auth/keys", undefined, signal),
});

export function createApiKey(name: string): Promise<NewApiKey> {
  return post<NewApiKey>("/api/auth/keys", { name });
}

export function deleteApiKey(id: string): Promise<void> {
  return del(`/api/auth/keys/${id}`);
}
