import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { sentinelForTests } from "../src/index.ts";

const harness = sentinelForTests({ replicas: 1, sentinels: 3 });

describe("the sentinel starter", () => {
  it("hands over to the replica on command, which keeps the data", async () => {
    const { group } = harness;
    const client = new Redis(group.source);
    try {
      await client.set("kept", "yes");
      expect(await client.wait(1, 2000)).toBe(1);
      const before = await group.primary();
      await group.failover();
      expect((await group.primary()).port).not.toBe(before.port);
      const after = new Redis(group.source);
      expect(await after.get("kept")).toBe("yes");
      after.disconnect();
    } finally {
      client.disconnect();
    }
  });
});
