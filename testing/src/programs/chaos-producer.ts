// A producer process of the fault scenarios: adds each task again and again, with the same id, until that has worked.
import { createQueue } from "@imgq/queue";
import { openHistory } from "../history/history.ts";
import { createRecorder } from "../history/recorder.ts";
import type { ChaosTask } from "../scenario/chaos-task.ts";
import { sourceOf } from "../scenario/redis-place.ts";
import { type ProducerConfig, readConfig } from "../scenario/program-config.ts";

const config = readConfig<ProducerConfig>();
const history = openHistory(config.history);
process.on("uncaughtExceptionMonitor", (error) =>
  history.record({ kind: "unhandled", error: String(error) }),
);

const queue = createRecorder(history).queue(
  createQueue<ChaosTask>({ ...config.queue, redis: sourceOf(config.redis), deadlineMs: config.deadlineMs }),
);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function addUntilAcknowledged(id: string): Promise<void> {
  for (;;) {
    try {
      await queue.add(config.task, { id });
      return;
    } catch {
      // The history has the error; what matters here is that the same id may be tried again.
      await pause(100);
    }
  }
}

console.log(JSON.stringify({ event: "producing" }));
const adding: Promise<void>[] = [];
for (let count = 0; count < config.count; count += 1) {
  adding.push(addUntilAcknowledged(`${config.idPrefix}-${count}`));
  if (config.everyMs > 0) await pause(config.everyMs);
}
await Promise.all(adding);
console.log(JSON.stringify({ event: "produced", count: config.count }));
await queue.close();
history.close();
