/**
 * Saves the document in the background: what the server has is compared with what the person sees, and the
 * difference is sent call by call, each with the version that the one before answered. An undo before the
 * save costs no call; an undo after it sends the way back. The network comes in as a `Saver`.
 */

import { type DashboardDocument, isSame, type LoadedDashboard, toDocument } from "./document";
import { useHistoryText } from "./messages";
import { applied, nextOperation, type Operation, rolledBackTo } from "./operations";

export interface Sent {
  version: number;
  /** The id the server gave to a new page, where it did not take ours. */
  pageId?: string;
}

export interface Saver {
  send(operation: Operation, version: number): Promise<Sent>;
  load(): Promise<LoadedDashboard>;
}

/** A call that did not succeed. status: null when no answer came. */
export class CallFailed extends Error {
  constructor(
    readonly status: number | null,
    message: string,
    readonly line: number | null = null,
    readonly column: number | null = null,
  ) {
    super(message);
  }
}

export type SaveState =
  | { kind: "saved" }
  | { kind: "saving" }
  | { kind: "waiting"; message: string }
  | { kind: "conflict"; message: string };

/** An edit the server refused; it is rolled back already. */
export interface Refusal {
  operation: Operation;
  message: string;
  line: number | null;
  column: number | null;
}

export interface Outcome {
  state: SaveState;
  refusals: Refusal[];
}

export type Schedule = (run: () => void, delayMs: number) => () => void;

export interface QueueHost {
  read(): DashboardDocument;
  onState(state: SaveState): void;
  onRefused(refusal: Refusal, document: DashboardDocument, subjects: string[]): void;
  onPageId(from: string, to: string): void;
}

export const DEBOUNCE_MS = 500;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;
/** A server error that comes back this often for the same call is taken as a refusal. */
const MAX_SERVER_ERRORS = 4;
const MAX_RELOADS = 5;

const say = useHistoryText.now;

export class SaveQueue {
  private saved: DashboardDocument;
  private version: number;
  private state: SaveState = { kind: "saved" };
  private running: Promise<Outcome> | null = null;
  private cancelTimer: (() => void) | null = null;
  private failures = 0;
  private reloads = 0;
  private isClosed = false;

  constructor(
    private readonly saver: Saver,
    private readonly host: QueueHost,
    loaded: LoadedDashboard,
    private readonly schedule: Schedule = byTimeout,
  ) {
    this.saved = toDocument(loaded);
    this.version = loaded.version;
  }

  get isDirty(): boolean {
    return nextOperation(this.saved, this.host.read()) !== null;
  }

  /** Tells that the document changed; a save follows shortly. */
  changed(): void {
    if (this.isClosed || this.state.kind === "conflict" || this.state.kind === "waiting") return;
    this.show({ kind: "saving" });
    this.later(DEBOUNCE_MS);
  }

  /** Saves now; answers what became of it. */
  async flush(): Promise<Outcome> {
    while (this.running) await this.running;
    this.stopTimer();
    this.running = this.run(true).finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** Starts over from what the server has. */
  reset(loaded: LoadedDashboard): void {
    this.stopTimer();
    this.saved = toDocument(loaded);
    this.version = loaded.version;
    this.failures = 0;
    this.reloads = 0;
    this.show({ kind: "saved" });
  }

  close(): void {
    this.isClosed = true;
    this.stopTimer();
  }

  /** Another attempt at once, for instance when the browser says it is online again. */
  retry(): void {
    if (this.state.kind === "waiting") this.later(0);
  }

  private later(delayMs: number): void {
    this.stopTimer();
    this.cancelTimer = this.schedule(() => {
      this.cancelTimer = null;
      void this.background();
    }, delayMs);
  }

  private async background(): Promise<void> {
    while (this.running) await this.running;
    this.running = this.run(false).finally(() => {
      this.running = null;
    });
    await this.running;
  }

  private stopTimer(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
  }

  private async run(isForced: boolean): Promise<Outcome> {
    const refusals: Refusal[] = [];
    while (this.state.kind !== "conflict") {
      const operation = nextOperation(this.saved, this.host.read());
      if (!operation) return this.finish({ kind: "saved" }, refusals);
      this.show({ kind: "saving" });
      const stop = await this.attempt(operation, refusals);
      if (stop) return this.finish(stop, refusals);
      // The person is still at it: the timer that their last edit set takes the rest.
      if (!isForced && this.cancelTimer) return { state: this.state, refusals };
    }
    return { state: this.state, refusals };
  }

  private finish(state: SaveState, refusals: Refusal[]): Outcome {
    this.show(state);
    if (state.kind === "waiting") this.later(retryDelay(this.failures));
    return { state, refusals };
  }

  /** Sends one call. Answers the state in which to stop, or null to go on. */
  private async attempt(operation: Operation, refusals: Refusal[]): Promise<SaveState | null> {
    try {
      const sent = await this.saver.send(operation, this.version);
      this.accept(operation, sent);
      return null;
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      return this.failed(operation, error, refusals);
    }
  }

  private accept(operation: Operation, sent: Sent): void {
    this.failures = 0;
    this.reloads = 0;
    this.version = sent.version;
    if (operation.kind !== "page.create" || !sent.pageId || sent.pageId === operation.page.id) {
      this.saved = applied(this.saved, operation);
      return;
    }
    this.saved = applied(this.saved, { ...operation, page: { ...operation.page, id: sent.pageId } });
    this.host.onPageId(operation.page.id, sent.pageId);
  }

  private async failed(
    operation: Operation,
    error: CallFailed,
    refusals: Refusal[],
  ): Promise<SaveState | null> {
    this.failures += 1;
    if (error.status === 401) {
      return waiting(say().signedOut);
    }
    if (isPassing(error) && !(error.status === 500 && this.failures >= MAX_SERVER_ERRORS)) {
      return waiting(error.status === null ? say().offline : say().busy);
    }
    if (error.status === 409 || error.status === 404) return this.compare(operation, error, refusals);
    this.refuse(operation, error, refusals);
    return null;
  }

  /** The server has another version than we think: did our own write arrive, or did somebody else write? */
  private async compare(
    operation: Operation,
    error: CallFailed,
    refusals: Refusal[],
  ): Promise<SaveState | null> {
    this.reloads += 1;
    let fresh: LoadedDashboard;
    try {
      fresh = await this.saver.load();
    } catch (failure) {
      if (!(failure instanceof CallFailed)) throw failure;
      if (isPassing(failure)) return waiting(say().offline);
      return { kind: "conflict", message: say().gone };
    }
    const theirs = toDocument(fresh);
    if (isSame(theirs, applied(this.saved, operation))) {
      this.accept(operation, { version: fresh.version });
      return null;
    }
    if (isSame(theirs, this.saved) && this.reloads <= MAX_RELOADS) {
      if (error.status === 404 || fresh.version === this.version) this.refuse(operation, error, refusals);
      this.version = fresh.version;
      return null;
    }
    return {
      kind: "conflict",
      message: say().conflict,
    };
  }

  private refuse(operation: Operation, error: CallFailed, refusals: Refusal[]): void {
    this.failures = 0;
    const { document, subjects } = rolledBackTo(this.saved, this.host.read(), operation);
    const refusal = { operation, message: error.message, line: error.line, column: error.column };
    refusals.push(refusal);
    this.host.onRefused(refusal, document, subjects);
  }

  private show(state: SaveState): void {
    this.state = state;
    this.host.onState(state);
  }
}

function waiting(message: string): SaveState {
  return { kind: "waiting", message };
}

/** Will the same call succeed later? No answer, too busy, or an error of the server itself. */
function isPassing(error: CallFailed): boolean {
  return error.status === null || error.status === 408 || error.status === 429 || error.status >= 500;
}

function retryDelay(failures: number): number {
  return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, failures - 1));
}

function byTimeout(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}
