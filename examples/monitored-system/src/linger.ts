import { setTimeout as sleep } from "node:timers/promises";

const LINGER_MS = 60_000;

/**
 * Gives a person at a terminal time to look at the page: until Enter or Ctrl-C, a minute at most. Returns at once where
 * nobody can press a key.
 */
export async function lingerFor(
  url: string,
  streams: Pick<NodeJS.Process, "stdin" | "stdout">,
): Promise<void> {
  const { stdin, stdout } = streams;
  if (!stdin.isTTY || !stdout.isTTY) return;
  console.log(`\nLook around for a minute: ${url}  (Enter ends it)`);
  const over = new AbortController();
  const end = (): void => over.abort();
  stdin.once("data", end);
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  await sleep(LINGER_MS, undefined, { signal: over.signal }).catch(() => {});
  stdin.off("data", end);
  // A terminal that is still read keeps the process from ending.
  stdin.pause();
}
