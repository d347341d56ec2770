import { DAY, type Logger, MINUTE, SECOND } from "@imgq/core";
import type { RedisSource } from "@imgq/core/redis";

/** Milliseconds to wait before retry number `retry` (1 for the first). */
export type BackoffFunction = (retry: number) => number;

export type BackoffPolicy =
  /** At once, then 5 s, 10 s, 20 s … doubling up to 5 minutes, ±10 %. */
  | "default"
  /** Retries at once, always. */
  | "none"
  | { readonly type: "fixed"; readonly delayMs: number; readonly jitter?: number }
  | {
      readonly type: "exponential";
      readonly baseMs: number;
      readonly maxMs?: number;
      readonly jitter?: number;
    }
  | BackoffFunction;

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
}

/** What an option is when it is left out. */
export const queueDefaults: Required<Omit<QueueOptions, "name" | "redis" | "log">> = {
  prefix: "imgq",
  maxRetries: 3,
  backoff: "default",
  taskTimeoutMs: 5 * MINUTE,
  leaseMs: 4 * SECOND,
  maxCrashes: 2,
  retention: { maxCount: 1000, maxAgeMs: DAY },
  maxPayloadBytes: 64 * 1024,
  events: false,
  deadlineMs: 5 * SECOND,
};
