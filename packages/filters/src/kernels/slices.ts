import { nextTurn, SLICE_MS } from "./turns.ts";

/**
 * Calls `each` with 0 to `count` − 1 (rows of a picture, usually) and lets others have the main loop every few
 * milliseconds. Rejects with the signal's reason when aborted.
 */
export async function inSlices(
  count: number,
  signal: AbortSignal | undefined,
  each: (index: number) => void,
): Promise<void> {
  let sliceStart = performance.now();
  for (let index = 0; index < count; index++) {
    each(index);
    if (performance.now() - sliceStart < SLICE_MS) continue;
    await nextTurn();
    signal?.throwIfAborted();
    sliceStart = performance.now();
  }
}
