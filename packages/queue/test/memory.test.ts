import { createQueue, type Queue } from "@imgq/queue";
import { afterEach, describe } from "vitest";
import { virtualClock } from "./conformance/bench.ts";
import { describeQueue } from "./conformance/suite.ts";

const open: Queue[] = [];

afterEach(async () => {
  for (const queue of open.splice(0)) await queue.close();
});

describe("a queue in memory", () => {
  describeQueue({
    open: (options = {}) => {
      const clock = virtualClock();
      const queue = createQueue({ name: "test", backoff: "none", leaseMs: 1000, now: clock.now, ...options });
      open.push(queue);
      return { queue, clock };
    },
  });
});
