import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { createFakeClock, startRedisProcess } from "../src/index.ts";

describe("a fake clock", () => {
  it("sets the time of a running Redis forwards and back", async ({ skip }) => {
    const clock = await createFakeClock();
    if (clock === undefined) return skip("there is no C compiler");
    const server = await startRedisProcess({ env: clock.env });
    const redis = new Redis(server.url);
    const ahead = async (): Promise<number> => Number((await redis.time())[0]) - Date.now() / 1000;
    try {
      expect(Math.abs(await ahead())).toBeLessThan(5);
      await clock.set(3_600_000);
      expect(Math.abs((await ahead()) - 3600)).toBeLessThan(5);
      await clock.set(-60_000);
      expect(Math.abs((await ahead()) + 60)).toBeLessThan(5);
    } finally {
      redis.disconnect();
      await server.stop();
      await clock.remove();
    }
  });
});
