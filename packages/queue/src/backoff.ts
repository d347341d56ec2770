import { InvalidOptionError, MINUTE, SECOND } from "@imgq/core";

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

/** Longest delay a policy may ask for. */
export const MAX_DELAY_MS: number = 366 * 24 * 60 * MINUTE;

/**
 * The function behind a policy: milliseconds before retry number `retry`, 1 for the first. Whole, never negative.
 * `random` gives 0 to 1 and is asked once a delay, for the jitter.
 */
export function backoffOf(policy: BackoffPolicy, random: () => number = Math.random): BackoffFunction {
  if (typeof policy === "function") return (retry) => whole(policy(retry));
  if (policy === "none") return () => 0;
  if (policy === "default") {
    const later = exponential(5 * SECOND, 5 * MINUTE, 0.1, random);
    // Most failures pass by themselves, so the first retry is at once.
    return (retry) => (retry <= 1 ? 0 : later(retry - 1));
  }
  switch (policy.type) {
    case "fixed":
      return () => whole(jittered(policy.delayMs, policy.jitter ?? 0, random));
    case "exponential":
      return exponential(policy.baseMs, policy.maxMs ?? 5 * MINUTE, policy.jitter ?? 0.1, random);
    default:
      return unknownPolicy(policy);
  }
}

function exponential(baseMs: number, maxMs: number, jitter: number, random: () => number): BackoffFunction {
  return (retry) => whole(jittered(Math.min(maxMs, baseMs * 2 ** Math.max(0, retry - 1)), jitter, random));
}

function jittered(ms: number, fraction: number, random: () => number): number {
  return ms * (1 + fraction * (2 * random() - 1));
}

function whole(ms: number): number {
  // A user's function may return nonsense; a task must not be lost for it.
  if (!(ms > 0)) return 0;
  return Math.min(MAX_DELAY_MS, Math.round(ms));
}

function unknownPolicy(policy: never): never {
  throw new InvalidOptionError(
    "backoff",
    'be "default", "none", { type: "fixed" | "exponential", … } or a function',
    policy,
    "See BackoffPolicy.",
  );
}
