import { DAY, InvalidOptionError, type Logger, SECOND, silentLogger } from "@imgq/core";
import type { RedisSource } from "@imgq/core/redis";
import { type BackoffFunction, type BackoffPolicy, backoffOf, MAX_DELAY_MS } from "./backoff.ts";
import { DEFAULT_TIMEOUT_MS } from "./history.ts";
import { checkQueueName, checkWhole } from "./identifiers.ts";

export interface RetentionOptions {
  /** Completed and cancelled tasks kept, newest first. @default 1000 */
  readonly maxCount?: number;
  /** Milliseconds a completed or cancelled task is kept. @default 1 day */
  readonly maxAgeMs?: number;
}

export interface QueueOptions {
  /** 1 to 64 of A–Z a–z 0–9 . _ - */
  readonly name: string;
  /** Where Redis is. @default undefined: tasks live in this process' memory */
  readonly redis?: RedisSource | undefined;
  /** First part of every key. @default "imgq" */
  readonly prefix?: string;
  /** Retries after the first attempt. @default 3 */
  readonly maxRetries?: number;
  /** @default "default" */
  readonly backoff?: BackoffPolicy;
  /** Milliseconds one attempt may take. @default 5 minutes */
  readonly taskTimeoutMs?: number;
  /** Milliseconds a worker is believed alive after its last beat. @default 4000 */
  readonly leaseMs?: number;
  /** How often a task may be in hand when its worker dies before it goes to the dead letters. @default 2 */
  readonly maxCrashes?: number;
  readonly retention?: RetentionOptions;
  /** Bytes of a payload as JSON. @default 65536 */
  readonly maxPayloadBytes?: number;
  /** Whether transitions are published for `events()`. @default false */
  readonly events?: boolean;
  /** Milliseconds until a call to Redis is given up. @default 5000 */
  readonly deadlineMs?: number;
  readonly log?: Logger;
  /** Replaces Redis' clock (milliseconds since 1970), for tests with a time of their own. @default Redis' TIME */
  readonly now?: () => number;
}

/** What an option is when it is left out. */
export const queueDefaults: Required<Omit<QueueOptions, "name" | "redis" | "log" | "now">> = {
  prefix: "imgq",
  maxRetries: 3,
  backoff: "default",
  taskTimeoutMs: DEFAULT_TIMEOUT_MS,
  leaseMs: 4 * SECOND,
  maxCrashes: 2,
  retention: { maxCount: 1000, maxAgeMs: DAY },
  maxPayloadBytes: 64 * 1024,
  events: false,
  deadlineMs: 5 * SECOND,
};

/** Options with their defaults filled in and checked. */
export interface ResolvedQueueOptions
  extends Required<Omit<QueueOptions, "redis" | "now" | "backoff" | "retention">> {
  readonly redis: RedisSource | undefined;
  readonly now: (() => number) | undefined;
  readonly backoff: BackoffFunction;
  readonly retention: Required<RetentionOptions>;
}

/** Throws `InvalidOptionError` for a value that cannot work. */
export function resolveQueueOptions(options: QueueOptions): ResolvedQueueOptions {
  const { maxCount, maxAgeMs } = { ...queueDefaults.retention, ...options.retention };
  const merged = { ...queueDefaults, ...withoutUndefined(options) };
  if (!/^[A-Za-z0-9._:-]{1,64}$/.test(merged.prefix)) {
    throw new InvalidOptionError(
      "prefix",
      "be 1 to 64 of A–Z a–z 0–9 . _ : -",
      merged.prefix,
      'Example: "imgq".',
    );
  }
  return {
    ...merged,
    name: checkQueueName(options.name),
    redis: options.redis,
    now: options.now,
    log: options.log ?? silentLogger,
    backoff: backoffOf(merged.backoff),
    maxRetries: checkWhole("maxRetries", merged.maxRetries, 0, 1000),
    taskTimeoutMs: checkWhole("taskTimeoutMs", merged.taskTimeoutMs, 1, MAX_DELAY_MS),
    leaseMs: checkWhole("leaseMs", merged.leaseMs, 100, MAX_DELAY_MS),
    maxCrashes: checkWhole("maxCrashes", merged.maxCrashes, 0, 1000),
    maxPayloadBytes: checkWhole("maxPayloadBytes", merged.maxPayloadBytes, 2, 256 * 1024 * 1024),
    deadlineMs: checkWhole("deadlineMs", merged.deadlineMs, 50, MAX_DELAY_MS),
    retention: {
      maxCount: checkWhole("retention.maxCount", maxCount, 0, 10_000_000),
      maxAgeMs: checkWhole("retention.maxAgeMs", maxAgeMs, 0, MAX_DELAY_MS),
    },
  };
}

/** An option set to undefined is an option left out. */
function withoutUndefined(options: QueueOptions): Partial<QueueOptions> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
