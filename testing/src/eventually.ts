export interface EventuallyOptions {
  /** Milliseconds until it gives up. @default 10000 */
  readonly timeoutMs?: number;
  /** Milliseconds between looks. @default 20 */
  readonly everyMs?: number;
}

/**
 * Looks again and again until `look` returns something other than undefined or false, and returns that. A look that throws counts as
 * "not yet". Rejects after the timeout with `what` and the last error.
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  options: EventuallyOptions = {},
): Promise<T> {
  const { timeoutMs = 10_000, everyMs = 20 } = options;
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${what}`, { cause });
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
