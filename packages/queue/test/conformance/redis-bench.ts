import type { RedisSource } from "@imgq/core/redis";
import { createQueue, type Queue } from "@imgq/queue";
import { afterEach, expect } from "vitest";
import { type Bench, virtualClock } from "./bench.ts";

let names = 0;

/** Opens queues in the Redis of `source`, each under a name of its own, and checks that `clear` leaves no key of them. */
export function redisBench(source: () => RedisSource, keys: () => Promise<string[]>): Bench {
  const open: Queue[] = [];

  afterEach(async () => {
    for (const queue of open.splice(0)) {
      await queue.clear();
      await queue.close();
    }
    // A series more than two hours old by the virtual clock is left to its TTL.
    const left = (await keys()).filter((key) => !key.includes(":series:"));
    expect(left).toEqual([]);
  });

  return {
    open: (options = {}) => {
      const clock = virtualClock();
      names += 1;
      const queue = createQueue({
        name: `test${names}`,
        redis: source(),
        backoff: "none",
        leaseMs: 1000,
        now: clock.now,
        ...options,
      });
      open.push(queue);
      return { queue, clock };
    },
  };
}
