import { sleep } from "@imgq/core";
import type { TaskRunner } from "./task-runner.ts";

/** Milliseconds that outcomes may still take to be told once the handlers have ended. */
const SETTLE_MS = 2000;
/** Handlers that are not waited for any more end at once, but what becomes of their tasks has still to be told. */
const LAST_WORD_MS = 500;

export interface DrainOptions {
  /** Milliseconds that running tasks may still take. */
  readonly timeoutMs: number;
  /** Milliseconds that handlers have once their signal aborted. */
  readonly abortGraceMs: number;
  /** Aborts when waiting must end at once. */
  readonly hurry: AbortSignal;
}

/**
 * The policy of stopping. What has not begun goes back; what runs has `timeoutMs` to end; then its signal aborts, it has
 * its grace, and goes back too, without spending an attempt. Hurried, there is neither wait nor grace. Always ends, at the
 * latest 2.5 seconds after the grace.
 */
export async function drain<P, R>(runner: TaskRunner<P, R>, options: DrainOptions): Promise<void> {
  const { timeoutMs, abortGraceMs, hurry } = options;
  runner.release();
  if (await idleWithin(runner, timeoutMs, hurry)) return;
  runner.abortAll(true);
  if (await idleWithin(runner, abortGraceMs + SETTLE_MS, hurry)) return;
  runner.abortAll(false);
  if (await idleWithin(runner, LAST_WORD_MS)) return;
  // Redis is away, and nobody can wait for it: recovery finds the tasks when the lease runs out.
  runner.giveUp();
  await runner.idle();
}

async function idleWithin<P, R>(runner: TaskRunner<P, R>, ms: number, hurry?: AbortSignal): Promise<boolean> {
  if (hurry?.aborted === true) return false;
  const patience = new AbortController();
  const signal = hurry === undefined ? patience.signal : AbortSignal.any([patience.signal, hurry]);
  const idle = runner.idle().then(() => true);
  const late = (Number.isFinite(ms) ? sleep(Math.min(ms, 2 ** 31 - 1), signal) : aborted(signal)).then(
    () => false,
  );
  try {
    return await Promise.race([idle, late]);
  } finally {
    patience.abort();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
