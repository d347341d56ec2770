import { describe, expect, it } from "vitest";
import { clusterForTests } from "../src/index.ts";

const harness = clusterForTests({ nodes: 3 });

describe("the cluster starter", () => {
  it("spreads keys over three nodes and moves a slot with its keys to another node", async () => {
    const client = harness.cluster.connect();
    try {
      await client.set("{images}:a", "1");
      await client.set("{thumbnails}:a", "2");
      const slot = Number(await client.cluster("KEYSLOT", "{images}:a"));
      for (const node of [0, 1, 2]) {
        await harness.cluster.moveSlot(slot, node);
        expect(await client.get("{images}:a")).toBe("1");
      }
      expect(await client.get("{thumbnails}:a")).toBe("2");
    } finally {
      client.disconnect();
    }
  });
});
