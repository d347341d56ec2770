import { tunedMark } from "./tuned-environment.ts";

/** A signal that aborts at the first Ctrl-C or SIGTERM; a second one ends the process at once. */
export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
}

const forcedExitCode = 130;

/** Listens for SIGINT and SIGTERM until disposed. `onFirst` is called when the first one comes. */
export function listenForInterrupt(onFirst: () => void = () => {}): Interrupt {
  const abort = new AbortController();
  const interrupted = (): void => {
    if (abort.signal.aborted) process.exit(forcedExitCode);
    abort.abort();
    onFirst();
  };
  // A relaunched process is told by its parent, and has nothing to do any more when the parent is gone.
  const byMessage = process.send !== undefined && process.env[tunedMark] === "1";
  const ignored = (): void => {};
  const listeners: readonly (readonly [string, () => void])[] = byMessage
    ? [
        ["message", interrupted],
        ["disconnect", interrupted],
        ["SIGINT", ignored],
        ["SIGTERM", ignored],
      ]
    : [
        ["SIGINT", interrupted],
        ["SIGTERM", interrupted],
      ];
  for (const [event, listener] of listeners) process.on(event, listener);
  return {
    signal: abort.signal,
    [Symbol.dispose]: () => {
      for (const [event, listener] of listeners) process.off(event, listener);
    },
  };
}
