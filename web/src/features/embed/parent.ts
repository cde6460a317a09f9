/** The page around us, in whose frame we are: it has the tokens, and nobody else is listened to. */
import type { Bearer } from "@/api/client";

const WANTED = "tesela:token-wanted";
const TOKEN = "tesela:token";
const THEME = "tesela:theme";
const HEIGHT = "tesela:height";
/** How long before its end a token is replaced. */
const EARLY_MS = 30_000;
/** A site whose script was not there yet did not hear us. */
const AGAIN_MS = 5_000;
const LONGEST_MS = 2 ** 31 - 1;
const MAX_LENGTH = 16_000;

const LOOKS = ["light", "dark", "auto"] as const;
export type Look = (typeof LOOKS)[number];

export class Parent implements Bearer {
  /** Called with the look that the site asks for. */
  onLook: (look: Look) => void = () => undefined;
  private readonly watchers = new Set<() => void>();
  private again: ReturnType<typeof setInterval> | undefined;
  private toldHeight = 0;
  private current: string | null = null;
  private readonly waiting = new Set<(token: string) => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** origins: the sites that may hand us tokens. */
  constructor(
    private readonly origins: readonly string[],
    private readonly frame: Window = window,
  ) {}

  /** Listens from now on. Returns the way to stop. */
  listen(): () => void {
    const hear = (event: MessageEvent<unknown>) => this.hear(event);
    this.frame.addEventListener("message", hear);
    return () => {
      this.frame.removeEventListener("message", hear);
      clearTimeout(this.timer);
      clearInterval(this.again);
    };
  }

  /** Whether requests wait for a token. */
  readonly isWaiting = (): boolean => this.waiting.size > 0;

  /** Calls back when `isWaiting` changes. Returns the way to stop. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** How high the page is (CSS pixels), so that the frame can be as high. Told when it changes. */
  tellHeight(height: number): void {
    const whole = Math.ceil(height);
    if (whole === this.toldHeight || whole <= 0) return;
    this.toldHeight = whole;
    this.say({ type: HEIGHT, height: whole });
  }

  token(): Promise<string> {
    return this.current === null ? this.next() : Promise.resolve(this.current);
  }

  renewed(refused: string): Promise<string> {
    if (this.current !== null && this.current !== refused) return Promise.resolve(this.current);
    this.current = null;
    return this.next();
  }

  private next(): Promise<string> {
    const came = new Promise<string>((resolve) => this.waiting.add(resolve));
    // Who comes later waits for the same answer.
    if (this.again === undefined) {
      this.ask();
      this.again = setInterval(() => this.ask(), AGAIN_MS);
      this.changed();
    }
    return came;
  }

  private ask(): void {
    this.say({ type: WANTED });
  }

  /** The browser delivers this only where the parent is of that origin. */
  private say(message: object): void {
    for (const origin of this.origins) this.frame.parent.postMessage(message, origin);
  }

  private changed(): void {
    for (const watcher of this.watchers) watcher();
  }

  private hear(event: MessageEvent<unknown>): void {
    if (event.source !== this.frame.parent || !this.origins.includes(event.origin)) return;
    const look = lookOf(event.data);
    if (look) this.onLook(look);
    const token = tokenOf(event.data);
    if (token === null) return;
    clearInterval(this.again);
    this.again = undefined;
    this.current = token;
    for (const resolve of this.waiting) resolve(token);
    this.waiting.clear();
    this.changed();
    clearTimeout(this.timer);
    const end = endOf(token);
    if (end === null) return;
    const wait = Math.max(end - Date.now() - EARLY_MS, 1_000);
    this.timer = setTimeout(() => this.ask(), Math.min(wait, LONGEST_MS));
  }
}

function tokenOf(data: unknown): string | null {
  if (typeof data !== "object" || data === null) return null;
  const { type, token } = data as Record<string, unknown>;
  return type === TOKEN && typeof token === "string" && token !== "" && token.length <= MAX_LENGTH
    ? token
    : null;
}

function lookOf(data: unknown): Look | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { type, theme } = data as Record<string, unknown>;
  return type === THEME ? LOOKS.find((look) => look === theme) : undefined;
}

/** When a token ends (ms since 1970), as it says itself; null for one that cannot be read. */
export function endOf(token: string): number | null {
  try {
    const body = token.split(".")[1] ?? "";
    const said: unknown = JSON.parse(atob(body.replaceAll("-", "+").replaceAll("_", "/")));
    const end = (said as { exp?: unknown } | null)?.exp;
    return typeof end === "number" ? end * 1000 : null;
  } catch (error) {
    // By name: what `atob` throws is not of this window's own class everywhere.
    if (error instanceof SyntaxError || (error instanceof Error && error.name === "InvalidCharacterError"))
      return null;
    throw error;
  }
}
