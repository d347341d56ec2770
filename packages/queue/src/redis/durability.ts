import type { RedisClient, Script, ScriptArgument } from "@imgq/core/redis";
import type { Durability } from "../broker.ts";
import type { DurabilityAchieved } from "../errors.ts";
import { declaredKeys } from "./keys.ts";
import { asReply, type Reply, type ScriptRunner } from "./script-runner.ts";

/** Left of the deadline for the script itself and for the answer's way back. */
const MARGIN_MS = 1000;

/**
 * Runs a script and then waits, on the same connection, for its writes to reach a replica (WAIT) or the disk (WAITAOF).
 * Tells what was reached: a server without WAITAOF reaches no fsync.
 */
export async function durably(
  runner: ScriptRunner,
  script: Script,
  args: readonly ScriptArgument[],
  wanted: Durability,
  deadlineMs: number,
  tell: (achieved: DurabilityAchieved) => void,
): Promise<Reply> {
  const waitMs = Math.max(100, deadlineMs - MARGIN_MS);
  return runner.connection.call(
    script.name,
    async (client) => {
      const node = await nodeOf(client, runner.base);
      // EVAL by its text: a durable add is slow anyway, and the script must run on this very connection.
      const reply: unknown = await node.eval(script.source, 2, ...declaredKeys(runner.base), ...args);
      tell(await reached(node, wanted, waitMs));
      return asReply(script, reply);
    },
    { deadlineMs: deadlineMs + MARGIN_MS },
  );
}

async function reached(node: RedisClient, wanted: Durability, waitMs: number): Promise<DurabilityAchieved> {
  if (wanted === "replicated") {
    return { replicas: Number(await node.call("WAIT", 1, waitMs)), fsynced: false };
  }
  try {
    const [local, replicas] = (await node.call("WAITAOF", 1, 0, waitMs)) as [number, number];
    return { replicas: Number(replicas), fsynced: Number(local) > 0 };
  } catch (error) {
    // Before 7.2 there is no WAITAOF, and without appendonly it is refused: nothing is known to be on disk.
    if (error instanceof Error && /unknown command|appendonly/i.test(error.message)) {
      return { replicas: 0, fsynced: false };
    }
    throw error;
  }
}

/** The connection to the node that has the queue's keys. */
async function nodeOf(client: RedisClient, base: string): Promise<RedisClient> {
  if (!client.isCluster) return client;
  const slot = Number(await client.call("CLUSTER", "KEYSLOT", base));
  const address = "slots" in client ? client.slots[slot]?.[0] : undefined;
  const nodes = "nodes" in client ? client.nodes("master") : [];
  const node = nodes.find((one) => `${one.options.host}:${one.options.port}` === address);
  if (node === undefined) throw new Error("CLUSTERDOWN no node is known for the queue's slot");
  return node;
}
