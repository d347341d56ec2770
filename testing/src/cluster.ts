import { freePort, type RedisServer, startRedisServer } from "@imgq/cli/local-redis";
import { Cluster, Redis } from "ioredis";
import { afterAll, beforeAll } from "vitest";
import { eventually } from "./eventually.ts";

const slotCount = 16_384;
/** The bus listens 10,000 above the port, so that a port above this one has no place for it. */
const highestPort = 55_535;

export interface ClusterOptions {
  /** Primaries; the slots are shared out evenly among them. @default 3 */
  readonly nodes?: number;
  /** Milliseconds without an answer until a node counts as failed. @default 2000 */
  readonly nodeTimeoutMs?: number;
}

/** A Redis Cluster of primaries on loopback. */
export interface RedisCluster {
  readonly nodes: readonly RedisServer[];
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
  /** A new client; the caller ends it. */
  connect(): Cluster;
  /** Moves a slot, with its keys, from its node to another, as a resharding tool does. */
  moveSlot(slot: number, toNode: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the nodes, shares out the slots and resolves once every node says that the cluster is whole. */
export async function startCluster(options: ClusterOptions = {}): Promise<RedisCluster> {
  const { nodes: count = 3, nodeTimeoutMs = 2000 } = options;
  const nodes: RedisServer[] = [];
  const admins: Redis[] = [];
  const stop = async (): Promise<void> => {
    for (const admin of admins) admin.disconnect();
    await Promise.all(nodes.map((node) => node.stop("SIGKILL")));
  };
  try {
    for (let index = 0; index < count; index += 1) nodes.push(await startNode(nodeTimeoutMs));
    for (const node of nodes) admins.push(new Redis(node.url, { enableReadyCheck: false }));
    await shareOutSlots(admins);
    await introduce(nodes, admins);
    await eventually("the cluster is whole", () => everyNodeSeesAll(admins), { timeoutMs: 30_000 });
  } catch (error) {
    await stop();
    throw error;
  }
  const addresses = nodes.map(({ port }) => ({ host: "127.0.0.1", port }));
  return {
    nodes,
    addresses,
    connect: () => new Cluster([...addresses]),
    moveSlot: (slot, toNode) => moveSlot(nodes, admins, slot, toNode),
    stop,
  };
}

/** A cluster for the tests of one file. Read it inside tests only. */
export function clusterForTests(options: ClusterOptions = {}): { readonly cluster: RedisCluster } {
  let cluster: RedisCluster | undefined;
  beforeAll(async () => {
    cluster = await startCluster(options);
  });
  afterAll(async () => {
    await cluster?.stop();
  });
  return {
    get cluster() {
      if (cluster === undefined)
        throw new Error("The cluster of this file runs only inside its tests and hooks.");
      return cluster;
    },
  };
}

async function startNode(nodeTimeoutMs: number): Promise<RedisServer> {
  let port = await freePort();
  while (port > highestPort) port = await freePort();
  return startRedisServer({
    port,
    args: ["--cluster-enabled", "yes", "--cluster-node-timeout", String(nodeTimeoutMs), "--appendonly", "no"],
  });
}

async function shareOutSlots(admins: readonly Redis[]): Promise<void> {
  const share = Math.ceil(slotCount / admins.length);
  for (const [index, admin] of admins.entries()) {
    const first = index * share;
    const count = Math.min(share, slotCount - first);
    // One by one instead of ADDSLOTSRANGE, which Redis 6.2 does not have.
    await admin.call(
      "CLUSTER",
      "ADDSLOTS",
      ...Array.from({ length: count }, (_, slot) => String(first + slot)),
    );
    await admin.call("CLUSTER", "SET-CONFIG-EPOCH", String(index + 1));
  }
}

async function introduce(nodes: readonly RedisServer[], admins: readonly Redis[]): Promise<void> {
  const [first] = admins;
  for (const node of nodes.slice(1)) await first?.call("CLUSTER", "MEET", "127.0.0.1", String(node.port));
}

async function everyNodeSeesAll(admins: readonly Redis[]): Promise<boolean> {
  const states = await Promise.all(admins.map(async (admin) => String(await admin.call("CLUSTER", "INFO"))));
  return states.every(
    (state) => state.includes("cluster_state:ok") && state.includes(`cluster_known_nodes:${admins.length}`),
  );
}

/** The highest epoch a node has heard of. */
async function currentEpochOf(admin: Redis): Promise<string | undefined> {
  const facts = String(await admin.call("CLUSTER", "INFO"));
  return /cluster_current_epoch:(\d+)/.exec(facts)?.[1];
}

async function moveSlot(
  nodes: readonly RedisServer[],
  admins: readonly Redis[],
  slot: number,
  toNode: number,
): Promise<void> {
  const owner = await ownerOf(nodes, admins, slot);
  const [source, target, targetPort] = [admins[owner], admins[toNode], nodes[toNode]?.port];
  if (source === undefined || target === undefined || targetPort === undefined) {
    throw new RangeError(`The cluster has no node ${toNode}.`);
  }
  if (owner === toNode) return;
  const [sourceId, targetId] = [await idOf(source), await idOf(target)];
  await target.call("CLUSTER", "SETSLOT", String(slot), "IMPORTING", sourceId);
  await source.call("CLUSTER", "SETSLOT", String(slot), "MIGRATING", targetId);
  for (;;) {
    const keys = await source.call("CLUSTER", "GETKEYSINSLOT", String(slot), "100");
    if (!Array.isArray(keys) || keys.length === 0) break;
    await source.call(
      "MIGRATE",
      "127.0.0.1",
      String(targetPort),
      "",
      "0",
      "5000",
      "KEYS",
      ...keys.map(String),
    );
  }
  // The new owner first, so that at no time nobody owns the slot.
  await target.call("CLUSTER", "SETSLOT", String(slot), "NODE", targetId);
  for (const admin of admins) await admin.call("CLUSTER", "SETSLOT", String(slot), "NODE", targetId);
  // Gossip that was under way may still name the old owner, and two moves begun under one epoch would claim the same next
  // one, of which Redis later takes one back: the next move must meet neither.
  await eventually("all nodes agree on the slot's owner", async () => {
    const views = await Promise.all(admins.map((admin) => admin.call("CLUSTER", "SLOTS")));
    const epochs = new Set(await Promise.all(admins.map(currentEpochOf)));
    return epochs.size === 1 && views.every((view) => ownerIn(view, slot) === targetPort);
  });
}

/** Port of the slot's primary in a reply to CLUSTER SLOTS. */
function ownerIn(view: unknown, slot: number): number | undefined {
  const ranges: unknown[] = Array.isArray(view) ? view : [];
  for (const range of ranges) {
    if (!Array.isArray(range) || Number(range[0]) > slot || Number(range[1]) < slot) continue;
    const primary: unknown = range[2];
    return Array.isArray(primary) ? Number(primary[1]) : undefined;
  }
  return undefined;
}

async function idOf(admin: Redis): Promise<string> {
  return String(await admin.call("CLUSTER", "MYID"));
}

/** Index of the node that owns the slot. */
async function ownerOf(
  nodes: readonly RedisServer[],
  admins: readonly Redis[],
  slot: number,
): Promise<number> {
  const port = ownerIn(await admins[0]?.call("CLUSTER", "SLOTS"), slot);
  const index = nodes.findIndex((node) => node.port === port);
  if (index === -1) throw new Error(`Nobody owns slot ${slot}.`);
  return index;
}
