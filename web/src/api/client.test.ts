import { afterEach, describe, expect, test, vi } from "vitest";
import { ApiError, ask, get, OfflineError, onLoggedOut, post, put, versionOf, withParams } from "./client";

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const fetch = vi.fn<typeof globalThis.fetch>(async () => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return new Response(status === 204 ? null : text, { status, headers });
  });
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

afterEach(() => vi.unstubAllGlobals());

test("empty parameters are left out of the address", () => {
  expect(withParams("/api/x", { a: 1, b: "", c: null, d: undefined, e: false })).toBe("/api/x?a=1&e=false");
});

test("a write carries the version it is based on", async () => {
  const fetch = answer(200, {});

  await put("/api/x", { name: "n" }, { ifMatch: 7 });

  const [, init] = fetch.mock.calls[0] ?? [];
  expect(init?.headers).toMatchObject({ "If-Match": '"7"', "Content-Type": "application/json" });
});

test("nothing comes back from a 204", async () => {
  answer(204, "");

  expect(await post("/api/x")).toBeUndefined();
});

describe("errors", () => {
  test("carry the server's sentence and facts", async () => {
    answer(400, { detail: "No such column.", error_code: "query_failed", line: 2, column: 8 });

    const error = await get("/api/x").catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 400,
      message: "No such column.",
      code: "query_failed",
      line: 2,
      column: 8,
    });
  });

  test("a stale write names the version that is there now", async () => {
    answer(409, { detail: "Somebody else saved first.", version: 9 });

    await expect(put("/api/x", {}, { ifMatch: 8 })).rejects.toMatchObject({ status: 409, version: 9 });
  });

  test("an answer that is no JSON still makes a sentence", async () => {
    answer(502, "<html>Bad gateway</html>");

    await expect(get("/api/x")).rejects.toThrow("The server is not ready. Try again shortly.");
  });

  test("no answer at all is told apart", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("Failed to fetch");
    });

    await expect(get("/api/x")).rejects.toBeInstanceOf(OfflineError);
  });
});

describe("a session that ended", () => {
  test("is announced once for each refused request", async () => {
    answer(401, { detail: "Log in first" });
    const listener = vi.fn();
    const stop = onLoggedOut(listener);

    await get("/api/x").catch(() => undefined);
    stop();
    await get("/api/x").catch(() => undefined);

    expect(listener).toHaveBeenCalledTimes(1);
  });

  test("is not announced where a refusal is the answer", async () => {
    answer(401, { detail: "Wrong password" });
    const listener = vi.fn();
    const stop = onLoggedOut(listener);

    await ask("/api/auth/login", { keepSession: true }).catch(() => undefined);
    stop();

    expect(listener).not.toHaveBeenCalled();
  });
});

test("the version is read from the ETag, weak or not", () => {
  expect(versionOf(new Headers({ ETag: '"12"' }))).toBe(12);
  expect(versionOf(new Headers({ ETag: 'W/"13"' }))).toBe(13);
  expect(versionOf(new Headers())).toBeNull();
});
