/** Runs `load` at once and then each `everyMs` while the page is looked at, one at a time, until stopped. */
export function poll(
  load: (signal: AbortSignal) => Promise<void>,
  everyMs: number,
): { readonly now: () => void; readonly stop: () => void } {
  const abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let again = false;
  const round = async (): Promise<void> => {
    clearTimeout(timer);
    if (running) {
      again = true;
      return;
    }
    running = true;
    do {
      again = false;
      // Failures show in the banner and heal with the next round.
      if (!document.hidden) await load(abort.signal).catch(() => {});
    } while (again && !abort.signal.aborted);
    running = false;
    if (!abort.signal.aborted) timer = setTimeout(() => void round(), everyMs);
  };
  void round();
  return {
    now: () => void round(),
    stop() {
      clearTimeout(timer);
      abort.abort();
    },
  };
}
