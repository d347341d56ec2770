/** A signal with an end. */
export interface Deadline {
  /** Aborts when the time is up, or when and why the outer signal does. */
  readonly signal: AbortSignal;
  /** Whether the time was up first. */
  readonly passed: boolean;
  /** Lets go of the timer and the outer signal, which a composed `AbortSignal.timeout` holds until its time. */
  clear(): void;
}

/** A timer takes no more, and would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Starts the time that something may take. It does not keep the process alive. */
export function startDeadline(ms: number, outer: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  let passed = false;
  const timer = setTimeout(
    () => {
      passed = !controller.signal.aborted;
      controller.abort();
    },
    Math.min(ms, LONGEST_MS),
  );
  timer.unref();
  const follow = (): void => controller.abort(outer?.reason);
  if (outer?.aborted === true) follow();
  outer?.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    get passed() {
      return passed;
    },
    clear() {
      clearTimeout(timer);
      outer?.removeEventListener("abort", follow);
    },
  };
}
