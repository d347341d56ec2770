import { queueNames } from "@imgq/queue";
import type { Registry } from "@imgq/registry";
import { defaults } from "../options.ts";

/**
 * Names of the queues that something was added to, and of those that workers serve or served in the last day, sorted; the
 * default one when there are none.
 */
export async function knownQueues(
  registry: Registry,
  where: { readonly redis: string; readonly prefix: string },
): Promise<readonly [string, ...string[]]> {
  const [added, registered, ended] = await Promise.all([
    queueNames(where),
    registry.list(),
    registry.ended(),
  ]);
  const names = new Set([...added, ...[...registered, ...ended].flatMap(({ metadata }) => metadata.queues)]);
  const [first = defaults.queue, ...others] = [...names].toSorted((one, other) => one.localeCompare(other));
  return [first, ...others];
}
