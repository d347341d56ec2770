import type { Queue } from "@imgq/queue";
import type { Registry } from "@imgq/registry";
import { defaults } from "../options.ts";

/**
 * Names of the queues that workers serve, or served in the last day, sorted; and of the default one when something was
 * ever added to it, or when there is no other.
 */
export async function knownQueues(
  registry: Registry,
  openDefault: () => Queue,
): Promise<readonly [string, ...string[]]> {
  const [registered, ended] = await Promise.all([registry.list(), registry.ended()]);
  const names = new Set([...registered, ...ended].flatMap(({ metadata }) => metadata.queues));
  if (names.size > 0 && !names.has(defaults.queue)) {
    const queue = openDefault();
    if ((await queue.stats()).totals.added > 0) names.add(defaults.queue);
    await queue.close();
  }
  const [first = defaults.queue, ...others] = [...names].toSorted((one, other) => one.localeCompare(other));
  return [first, ...others];
}
