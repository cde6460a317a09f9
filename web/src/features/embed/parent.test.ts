import { expect, test, vi } from "vitest";
import { endOf, Parent } from "./parent";

const SITE = "https://www.example.org";

interface Sent {
  data: unknown;
  origin: string;
}

/** A window inside another one, of which only messages are real. */
function framed() {
  const sent: Sent[] = [];
  const target = new EventTarget();
  const outer = { postMessage: (data: unknown, origin: string) => sent.push({ data, origin }) };
  const frame = Object.assign(target, { parent: outer }) as unknown as Window;
  const say = (data: unknown, { origin = SITE, source = outer as unknown } = {}) => {
    const event = new Event("message");
    target.dispatchEvent(Object.assign(event, { data, origin, source }));
  };
  return { frame, sent, say };
}

const token = (name: string, end = 4_000_000_000) => `a.${btoa(JSON.stringify({ exp: end, sub: name }))}.c`;

test("it asks the named sites and takes a token of theirs", async () => {
  const { frame, sent, say } = framed();
  const parent = new Parent([SITE], frame);
  const stop = parent.listen();
  const coming = parent.token();
  say({ type: "tesela:token", token: token("one") });
  expect(await coming).toBe(token("one"));
  expect(sent).toEqual([{ data: { type: "tesela:token-wanted" }, origin: SITE }]);
  expect(await parent.token()).toBe(token("one"));
  stop();
});

test("messages of others, and what is no token, are not heard", async () => {
  const { frame, say } = framed();
  const parent = new Parent([SITE], frame);
  const stop = parent.listen();
  const coming = parent.token();
  say({ type: "tesela:token", token: "evil" }, { origin: "https://evil.example.org" });
  say({ type: "tesela:token", token: "evil" }, { source: {} });
  for (const data of [null, "evil", { type: "other", token: "evil" }, { type: "tesela:token", token: 5 }])
    say(data);
  say({ type: "tesela:token", token: "good" });
  expect(await coming).toBe("good");
  stop();
});

test("a refused token is replaced once for all who wait", async () => {
  const { frame, sent, say } = framed();
  const parent = new Parent([SITE], frame);
  const stop = parent.listen();
  const first = parent.token();
  say({ type: "tesela:token", token: "old" });
  await first;
  const both = Promise.all([parent.renewed("old"), parent.renewed("old")]);
  say({ type: "tesela:token", token: "new" });
  expect(await both).toEqual(["new", "new"]);
  expect(await parent.renewed("old")).toBe("new");
  expect(sent.length).toBe(2);
  stop();
});

test("a site that did not hear is asked again until it answers", async () => {
  vi.useFakeTimers();
  const { frame, sent, say } = framed();
  const parent = new Parent([SITE], frame);
  const stop = parent.listen();
  const watched: boolean[] = [];
  parent.watch(() => watched.push(parent.isWaiting()));
  const coming = parent.token();
  vi.advanceTimersByTime(12_000);
  expect(sent.length).toBe(3);
  say({ type: "tesela:token", token: "late" });
  expect(await coming).toBe("late");
  vi.advanceTimersByTime(60_000);
  expect(sent.length).toBe(3);
  expect(watched).toEqual([true, false]);
  stop();
  vi.useRealTimers();
});

test("the site says how the page looks, and nothing else is a look", () => {
  const { frame, say } = framed();
  const parent = new Parent([SITE], frame);
  const stop = parent.listen();
  const looks: string[] = [];
  parent.onLook = (look) => looks.push(look);
  say({ type: "tesela:theme", theme: "dark" });
  say({ type: "tesela:theme", theme: "auto" });
  say({ type: "tesela:theme", theme: "pink" });
  say({ type: "tesela:theme", theme: "light" }, { origin: "https://evil.example.org" });
  expect(looks).toEqual(["dark", "auto"]);
  stop();
});

test("the height is told when it changes", () => {
  const { frame, sent } = framed();
  const parent = new Parent([SITE], frame);
  for (const height of [0, 499.2, 500, 620]) parent.tellHeight(height);
  expect(sent).toEqual(
    [500, 620].map((height) => ({ data: { type: "tesela:height", height }, origin: SITE })),
  );
});

test("when a token ends is read from it where it can be", () => {
  expect(endOf(token("x", 5))).toBe(5000);
  for (const odd of ["", "a", "a.b.c", "a.!.c", `a.${btoa("null")}.c`]) expect(endOf(odd)).toBe(null);
});
