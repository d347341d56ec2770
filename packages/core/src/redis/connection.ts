import { type Logger, silentLogger } from "../logger.ts";
import { SECOND } from "../durations.ts";
import {
  classifyRedisError,
  RedisClosedError,
  RedisFullError,
  RedisRefusedError,
  RedisTimeoutError,
} from "./errors.ts";
import { openClient, type RedisClient, type RedisSource } from "./source.ts";

export interface RedisConnectionOptions {
  readonly source: RedisSource;
  /** Shown by CLIENT LIST; says whose connection this is. */
  readonly name: string;
  /** Milliseconds a call may take before it rejects with {@link RedisTimeoutError}. @default 5000 */
  readonly deadlineMs?: number;
  readonly log?: Logger;
}

export interface CallOptions {
  /** Milliseconds this call may take; blocking commands pass their block time plus a margin. @default that of the connection */
  readonly deadlineMs?: number;
}

/** A connection as a program wants to see it, for health checks and the log. */
export type ConnectionStatus = "idle" | "connecting" | "ready" | "closed";

/**
 * A Redis connection on which no call waits for ever. Each call has a deadline; a client that let one pass without a
 * sign of life is thrown away and replaced, because a stuck socket does not heal by waiting (a stopped Redis keeps its
 * connections open). While Redis is away calls wait for it up to their deadline.
 */
export class RedisConnection {
  readonly name: string;
  readonly source: RedisSource;
  readonly #deadlineMs: number;
  readonly #log: Logger;
  #client: RedisClient | undefined;
  #lastReplyAt = 0;
  #replacements = 0;
  #closed = false;

  constructor(options: RedisConnectionOptions) {
    this.name = options.name;
    this.source = options.source;
    this.#deadlineMs = options.deadlineMs ?? 5 * SECOND;
    this.#log = options.log ?? silentLogger;
  }

  get status(): ConnectionStatus {
    if (this.#closed) return "closed";
    if (this.#client === undefined) return "idle";
    return this.#client.status === "ready" ? "ready" : "connecting";
  }

  /** How often a stuck client was thrown away. */
  get replacements(): number {
    return this.#replacements;
  }

  /**
   * Runs one command. Rejects with {@link RedisTimeoutError} (no answer in time), {@link RedisFullError} (Redis takes no
   * writes), {@link RedisRefusedError} (any other error reply) or {@link RedisClosedError}. Errors of a lost connection are
   * not reported before the deadline: the call is sent again, so `command` must be safe to run twice.
   */
  async call<T>(
    label: string,
    command: (client: RedisClient) => Promise<T>,
    options: CallOptions = {},
  ): Promise<T> {
    const deadlineMs = options.deadlineMs ?? this.#deadlineMs;
    const calledAt = performance.now();
    const deadline = calledAt + deadlineMs;
    let cause: unknown;
    for (;;) {
      const client = this.#ensureClient(label);
      try {
        const reply = await within(deadline - performance.now(), command(client));
        if (reply === timedOut) break;
        this.#lastReplyAt = performance.now();
        return reply;
      } catch (error) {
        if (this.#closed) throw new RedisClosedError(label);
        cause = error;
        if (classifyRedisError(error) !== "retry") throw this.#typed(label, error);
        // The client gave up on a passing error: try again after a moment, with a new client if ours has ended.
        const pauseMs = Math.min(100, deadline - performance.now());
        if (pauseMs <= 0) break;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
    if (this.#closed) throw new RedisClosedError(label);
    if (this.#lastReplyAt < calledAt) this.replace(`no answer to ${label} within ${deadlineMs} ms`);
    throw new RedisTimeoutError(label, deadlineMs, cause);
  }

  /** Throws the client away, with whatever it still has queued, and uses a new one from the next call on. */
  replace(reason: string): void {
    if (this.#client === undefined || this.#closed) return;
    this.#replacements += 1;
    this.#log.warn("Redis connection replaced", { connection: this.name, reason });
    discard(this.#client);
    this.#client = undefined;
  }

  /** One more connection to the same Redis, with its own socket: for blocking commands and subscriptions. */
  duplicate(name: string): RedisConnection {
    return new RedisConnection({ source: this.source, name, deadlineMs: this.#deadlineMs, log: this.#log });
  }

  /** Ends the connection at once; calls under way reject with {@link RedisClosedError}. */
  close(): Promise<void> {
    this.#closed = true;
    if (this.#client !== undefined) discard(this.#client);
    this.#client = undefined;
    return Promise.resolve();
  }

  #ensureClient(label: string): RedisClient {
    if (this.#closed) throw new RedisClosedError(label);
    if (this.#client === undefined || this.#client.status === "end") {
      this.#client = openClient(this.source, `imgq:${this.name}`);
      this.#client.on("error", (error: Error) =>
        this.#log.debug("Redis connection error", { connection: this.name, error }),
      );
    }
    return this.#client;
  }

  #typed(label: string, error: unknown): Error {
    const cause = error instanceof Error ? error : new Error(String(error));
    return classifyRedisError(error) === "back-pressure"
      ? new RedisFullError(label, cause)
      : new RedisRefusedError(label, cause);
  }
}

const timedOut = Symbol("timed out");

async function within<T>(ms: number, work: Promise<T>): Promise<T | typeof timedOut> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<typeof timedOut>((resolve) => {
    timer = setTimeout(() => resolve(timedOut), Math.max(0, ms));
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    clearTimeout(timer);
    // Whatever the abandoned command ends with is of no interest any more.
    work.catch(() => {});
  }
}

function discard(client: RedisClient): void {
  client.disconnect(false);
}
