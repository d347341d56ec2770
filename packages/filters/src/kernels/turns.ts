import { setImmediate } from "node:timers/promises";

/** How long kernels may hold the main loop before they let others have it. */
export const SLICE_MS = 6;

let last: Promise<unknown> = Promise.resolve();

/**
 * Resolves in a later turn of the event loop that no other caller gets: however many images are being worked on, one
 * turn carries one slice.
 */
export function nextTurn(): Promise<void> {
  const turn = last.then(() => setImmediate());
  last = turn;
  return turn;
}
