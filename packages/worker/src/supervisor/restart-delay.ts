const FIRST_MS = 200;
const MAX_MS = 30_000;

/**
 * Milliseconds until a child is started again after it crashed `crashes` times in a row (1 for the first). The first time
 * at once: one poison picture must not cost seconds. Then doubling, so that a program that cannot start burns no processor.
 */
export function restartDelayMs(crashes: number): number {
  return crashes <= 1 ? 0 : Math.min(FIRST_MS * 2 ** (crashes - 2), MAX_MS);
}

/** Milliseconds after which a child was not started in vain, though it finished no task. */
const WORTHWHILE_MS = 10_000;

/** What the life of a child came to. */
export interface ChildLife {
  /** It ended because it was asked to. */
  readonly expected: boolean;
  readonly ranMs: number;
  /** Tasks ended. */
  readonly finished: number;
}

/** How often children have crashed in a row, now that one more has ended. After one that worked, the next crash is the first again. */
export function crashesInARow(before: number, { expected, ranMs, finished }: ChildLife): number {
  if (expected) return 0;
  return finished > 0 || ranMs >= WORTHWHILE_MS ? 1 : before + 1;
}
