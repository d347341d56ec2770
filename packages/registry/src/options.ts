import { DAY, InvalidOptionError, type Logger, SECOND, silentLogger } from "@imgq/core";
import type { RedisSource } from "@imgq/core/redis";

export interface RegistryOptions {
  /** Where Redis is. @default undefined: workers are known to this process only */
  readonly redis?: RedisSource | undefined;
  /** First part of every key. @default "imgq" */
  readonly prefix?: string;
  /** Milliseconds without a beat after which a worker counts as dead; several beats, and more than a lease. @default 5000 */
  readonly heartbeatTimeoutMs?: number;
  /** Milliseconds an ended worker is shown with how it ended. @default 1 day */
  readonly keepEndedMs?: number;
  /** Milliseconds until a call to Redis is given up. @default 5000 */
  readonly deadlineMs?: number;
  /** Replaces Redis' clock; milliseconds since 1970. For tests. */
  readonly now?: () => number;
  readonly log?: Logger;
}

/** What an option is when it is left out. */
const defaults = {
  prefix: "imgq",
  heartbeatTimeoutMs: 5 * SECOND,
  keepEndedMs: DAY,
  deadlineMs: 5 * SECOND,
  log: silentLogger,
} satisfies RegistryOptions;

export type ResolvedRegistryOptions = Required<Omit<RegistryOptions, "redis" | "now">> &
  Pick<RegistryOptions, "redis" | "now">;

/** Fills in the defaults and checks what cannot work. */
export function resolveRegistryOptions(options: RegistryOptions): ResolvedRegistryOptions {
  const resolved = { ...defaults, ...withoutUndefined(options) };
  checkPositive("heartbeatTimeoutMs", resolved.heartbeatTimeoutMs);
  checkPositive("keepEndedMs", resolved.keepEndedMs);
  checkPositive("deadlineMs", resolved.deadlineMs);
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(resolved.prefix)) {
    throw new InvalidOptionError(
      "prefix",
      "be 1 to 64 of A-Z a-z 0-9 . _ -",
      resolved.prefix,
      'Example: "imgq".',
    );
  }
  return resolved;
}

/** Ids become part of a key and are typed into terminals. */
export function checkWorkerId(id: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$/.test(id)) return;
  throw new InvalidOptionError(
    "worker id",
    "be 1 to 128 of A-Z a-z 0-9 . _ : @ - and begin with a letter or digit",
    id,
    'Example: "images-host1-4711".',
  );
}

function checkPositive(option: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  throw new InvalidOptionError(option, "be a number of milliseconds above 0", value, "Example: 5000.");
}

function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
