const FIRST_MS = 200;
const MAX_MS = 30_000;

/**
 * Milliseconds until a child is started again after it crashed `crashes` times in a row (1 for the first). The first time
 * at once: one poison picture must not cost seconds. Then doubling, so that a program that cannot start burns no processor.
 */
export function restartDelayMs(crashes: number): number {
  return crashes <= 1 ? 0 : Math.min(FIRST_MS * 2 ** (crashes - 2), MAX_MS);
}
