/** The one door to the server: JSON in, JSON out, one kind of error. */

export class ApiError extends Error {
  readonly status: number;
  /** A machine's word for what happened, where the server gives one. */
  readonly code: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** The current version, when a write came too late (409). */
  readonly version: number | null;
  /** Each thing that is wrong, when the server names more than one. */
  readonly problems: readonly string[];

  constructor(status: number, message: string, facts: Record<string, unknown> = {}) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = typeof facts.error_code === "string" ? facts.error_code : null;
    this.line = typeof facts.line === "number" ? facts.line : null;
    this.column = typeof facts.column === "number" ? facts.column : null;
    this.version = typeof facts.version === "number" ? facts.version : null;
    this.problems = Array.isArray(facts.problems) ? facts.problems.map(String) : [];
  }
}

/** Thrown when no answer came at all. */
export class OfflineError extends Error {
  constructor() {
    super("The server cannot be reached.");
    this.name = "OfflineError";
  }
}

export type Params = Record<string, string | number | boolean | null | undefined>;

export interface Ask {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  body?: unknown;
  params?: Params;
  signal?: AbortSignal;
  headers?: Record<string, string>;
  /** The version this write is based on; a stale one is refused with 409. */
  ifMatch?: number | null;
  /** A 401 here is an answer, not the end of the session. */
  keepSession?: boolean;
}

export interface Answer<T> {
  data: T;
  headers: Headers;
}

const loggedOut = new Set<() => void>();

/** Calls back whenever the server says that nobody is logged in. Returns the way to stop. */
export function onLoggedOut(listener: () => void): () => void {
  loggedOut.add(listener);
  return () => loggedOut.delete(listener);
}

export function withParams(path: string, params: Params = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** Where tokens come from, in a page that has no session of its own. */
export interface Bearer {
  token(): Promise<string>;
  /** Another token, after this one was refused. */
  renewed(refused: string): Promise<string>;
}

let bearer: Bearer | null = null;

/** From now on, every request carries a token and no cookie. */
export function carry(given: Bearer): void {
  bearer = given;
}

/** The response itself, for streams. Throws ApiError, OfflineError, or the abort. */
export async function send(path: string, ask: Ask = {}): Promise<Response> {
  if (!bearer) return sent(path, ask);
  const token = await bearer.token();
  try {
    return await sent(path, ask, token);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    return sent(path, ask, await bearer.renewed(token));
  }
}

async function sent(path: string, ask: Ask, token?: string): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", ...ask.headers };
  if (token !== undefined) headers.Authorization = `Bearer ${token}`;
  if (ask.body !== undefined) headers["Content-Type"] = "application/json";
  if (ask.ifMatch !== null && ask.ifMatch !== undefined) headers["If-Match"] = `"${ask.ifMatch}"`;
  let response: Response;
  try {
    response = await fetch(withParams(path, ask.params), {
      method: ask.method ?? "GET",
      headers,
      body: ask.body === undefined ? undefined : JSON.stringify(ask.body),
      signal: ask.signal,
      credentials: token === undefined ? "same-origin" : "omit",
    });
  } catch (error) {
    if (error instanceof TypeError) throw new OfflineError();
    throw error;
  }
  if (response.ok) return response;
  const failure = errorOf(response.status, await response.text());
  if (response.status === 401 && !ask.keepSession && token === undefined)
    for (const listener of loggedOut) listener();
  throw failure;
}

export function errorOf(status: number, body: string): ApiError {
  const facts = objectOf(body);
  const sentence = typeof facts.detail === "string" && facts.detail ? facts.detail : fallback(status);
  return new ApiError(status, sentence, facts);
}

function objectOf(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function fallback(status: number): string {
  if (status === 502 || status === 503 || status === 504)
    return "The server is not ready. Try again shortly.";
  return `The server answered with status ${status}.`;
}

export async function ask<T>(path: string, options: Ask = {}): Promise<Answer<T>> {
  const response = await send(path, options);
  const text = response.status === 204 ? "" : await response.text();
  return { data: (text ? JSON.parse(text) : undefined) as T, headers: response.headers };
}

export async function get<T>(path: string, params?: Params, signal?: AbortSignal): Promise<T> {
  return (await ask<T>(path, { params, signal })).data;
}

export async function post<T>(path: string, body?: unknown, options: Ask = {}): Promise<T> {
  return (await ask<T>(path, { ...options, method: "POST", body })).data;
}

export async function put<T>(path: string, body?: unknown, options: Ask = {}): Promise<T> {
  return (await ask<T>(path, { ...options, method: "PUT", body })).data;
}

export async function del(path: string, options: Ask = {}): Promise<void> {
  await ask<void>(path, { ...options, method: "DELETE" });
}

/** The version in an answer's ETag, or null. */
export function versionOf(headers: Headers): number | null {
  const found = /"(\d+)"/.exec(headers.get("ETag") ?? "");
  return found ? Number(found[1]) : null;
}

/** The sentence of any error, for a person. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error && error.message ? error.message : "Something went wrong.";
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
