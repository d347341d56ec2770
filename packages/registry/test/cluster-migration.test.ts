import { createRegistry } from "@imgq/registry";
import { clusterForTests, eventually } from "@imgq/testing";
import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { metadata } from "./builders.ts";

const redis = clusterForTests();
const ids = ["w1", "w2", "w3"];

describe("a registry whose slot moves to another node", () => {
  it("waits for the move rather than miss workers that have moved already", async () => {
    const template = redis.cluster.connect();
    const registry = createRegistry({ redis: template, deadlineMs: 20_000 });
    const admins = redis.cluster.nodes.map(({ url }) => new Redis(url, { enableReadyCheck: false }));
    const slot = await template.cluster("KEYSLOT", "imgq:{registry}:workers");
    try {
      for (const id of ids) {
        await registry.register(id, metadata());
        await registry.heartbeat(id);
      }
      const owner = await ownerOf(admins, slot);
      const target = (owner + 1) % admins.length;
      await moveOne(admins, owner, target, slot, "imgq:{registry}:worker:w2");
      let listed: readonly { readonly id: string }[] | undefined;
      const listing = registry.list().then((workers) => {
        listed = workers;
      });
      // Either it has failed or seen too little by now, or it waits.
      const soon = new Promise<string>((resolve) => setTimeout(() => resolve("waits"), 300));
      expect(await Promise.race([listing, soon])).toBe("waits");
      expect(listed).toBeUndefined();
      await redis.cluster.moveSlot(slot, target);
      await listing;
      expect(listed?.map(({ id }) => id)).toEqual(ids);
      await eventually("beats go on", async () => {
        await registry.heartbeat("w2");
        return (await registry.active()).length === ids.length;
      });
    } finally {
      for (const admin of admins) admin.disconnect();
      await registry.close();
      template.disconnect();
    }
  });
});

async function ownerOf(admins: readonly Redis[], slot: number): Promise<number> {
  for (const [index, admin] of admins.entries()) {
    const mine = String(await admin.call("CLUSTER", "NODES"))
      .split("\n")
      .find((line) => line.includes("myself"));
    for (const range of mine?.split(" ").slice(8) ?? []) {
      const [from = Number.NaN, to = from] = range.split("-").map(Number);
      if (slot >= from && slot <= to) return index;
    }
  }
  throw new Error(`Nobody owns slot ${slot}.`);
}

/** Begins to move a slot, and moves one of its keys. */
async function moveOne(
  admins: readonly Redis[],
  from: number,
  to: number,
  slot: number,
  key: string,
): Promise<void> {
  const [source, target] = [admins[from], admins[to]];
  if (source === undefined || target === undefined) throw new RangeError("The cluster has no such node.");
  const port = String(target.options.port);
  const [sourceId, targetId] = [
    await source.call("CLUSTER", "MYID"),
    await target.call("CLUSTER", "MYID"),
  ].map(String);
  await target.call("CLUSTER", "SETSLOT", slot, "IMPORTING", sourceId ?? "");
  await source.call("CLUSTER", "SETSLOT", slot, "MIGRATING", targetId ?? "");
  await source.call("MIGRATE", "127.0.0.1", port, key, 0, 5000);
}
