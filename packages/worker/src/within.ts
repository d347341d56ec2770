import { sleep } from "@imgq/core";

/** Waits for `work`, but not longer than `ms`. Undefined when it took longer or failed. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const patience = new AbortController();
  const late = sleep(ms, patience.signal).then(() => undefined);
  try {
    return await Promise.race([work.catch(() => undefined), late]);
  } finally {
    patience.abort();
  }
}
