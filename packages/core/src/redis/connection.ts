import { sleep } from "../clock.ts";
import { SECOND } from "../durations.ts";
import { type Logger, silentLogger } from "../logger.ts";
import { ClientSession } from "./client-session.ts";
import { classifyRedisError, RedisClosedError, RedisTimeoutError, typedRedisError } from "./errors.ts";
import { type PrimaryAddress, PrimaryWatch } from "./primary-watch.ts";
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

/** Milliseconds between two attempts of one call while Redis refuses it for a passing reason. */
const retryPauseMs = 100;

/**
 * A Redis connection on which no call waits for ever. Each call has a deadline; a client that let one pass without a
 * sign of life is thrown away and replaced, because a stuck socket does not heal by waiting (a stopped Redis keeps its
 * connections open). Calls that waited on the old client go on with the new one. While Redis is away calls wait for it up
 * to their deadline.
 */
export class RedisConnection {
  readonly name: string;
  readonly source: RedisSource;
  readonly #deadlineMs: number;
  readonly #log: Logger;
  #session: ClientSession | undefined;
  #watch: PrimaryWatch | undefined;
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
    if (this.#session === undefined) return "idle";
    return this.#session.client.status === "ready" ? "ready" : "connecting";
  }

  /** How often a stuck client was thrown away. */
  get replacements(): number {
    return this.#replacements;
  }

  /**
   * Runs one command. Rejects with {@link RedisTimeoutError} (no answer in time), {@link RedisFullError} (Redis takes no
   * writes), {@link RedisRefusedError} (any other error reply) or {@link RedisClosedError}; what else `command` throws
   * passes through. Passing trouble, such as a lost connection, is not reported before the deadline: the command is sent
   * again, so it must be safe to run twice. After the deadline it may still be executed.
   */
  async call<T>(
    label: string,
    command: (client: RedisClient) => Promise<T>,
    options: CallOptions = {},
  ): Promise<T> {
    const deadlineMs = options.deadlineMs ?? this.#deadlineMs;
    const deadline = performance.now() + deadlineMs;
    let cause: unknown;
    for (;;) {
      const session = this.#open(label);
      const sentAt = performance.now();
      const outcome = await session.run(command, deadline);
      if (outcome.kind === "reply") return outcome.reply;
      if (this.#closed) throw new RedisClosedError(label);
      if (outcome.kind === "error") {
        cause = outcome.error;
        if (classifyRedisError(cause) !== "retry") throw typedRedisError(label, cause);
        await sleep(Math.min(retryPauseMs, deadline - performance.now()));
      }
      const now = performance.now();
      if (outcome.kind !== "late" && now < deadline) continue;
      // A call that waited on this client for a moment only, after a replacement, says nothing about it.
      const waitedLong = now - sentAt >= deadlineMs / 2;
      if (outcome.kind === "late" && waitedLong && session.lastReplyAt < sentAt) {
        this.#replace(session, `no answer to ${label} within ${deadlineMs} ms`);
      }
      throw new RedisTimeoutError(label, deadlineMs, cause ?? session.lastConnectionError);
    }
  }

  /** Throws the client away, with whatever it still has queued, and uses a new one from the next call on. */
  replace(reason: string): void {
    if (this.#session !== undefined) this.#replace(this.#session, reason);
  }

  /** One more connection to the same Redis, with its own socket: for blocking commands and subscriptions. */
  duplicate(name: string): RedisConnection {
    return new RedisConnection({ source: this.source, name, deadlineMs: this.#deadlineMs, log: this.#log });
  }

  /** Ends the connection at once; calls under way reject with {@link RedisClosedError}. */
  close(): Promise<void> {
    this.#closed = true;
    this.#watch?.close();
    this.#session?.drop();
    this.#session = undefined;
    return Promise.resolve();
  }

  #open(label: string): ClientSession {
    if (this.#closed) throw new RedisClosedError(label);
    this.#watch ??= PrimaryWatch.of(this.source, `imgq:${this.name}`, (address) => this.#onPrimary(address));
    if (this.#session === undefined || this.#session.client.status === "end") {
      this.#session = new ClientSession(openClient(this.source, `imgq:${this.name}`), (error) =>
        this.#log.debug("Redis connection error", { connection: this.name, error }),
      );
    }
    return this.#session;
  }

  /** What is still on the way to another server goes to the primary too, with the next client. */
  #onPrimary({ host, port }: PrimaryAddress): void {
    const session = this.#session;
    void session?.connected.then(() => {
      if (session.isConnectedTo(host, port)) return;
      this.#replace(session, `the sentinels name ${host}:${port} as the primary`);
    });
  }

  /** Only the client that was found stuck: of many calls that time out together, the first replaces it for all. */
  #replace(stuck: ClientSession, reason: string): void {
    if (this.#session !== stuck) return;
    this.#session = undefined;
    this.#replacements += 1;
    // While Redis is away every new client is stuck too: the first one says so, the others would only repeat it.
    const isNews = this.#replacements === 1 || stuck.lastReplyAt > 0;
    this.#log[isNews ? "warn" : "debug"]("Redis connection replaced", { connection: this.name, reason });
    stuck.drop();
  }
}
