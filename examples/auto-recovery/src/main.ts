import { startRedisServer } from "@imgq/cli/local-redis";
import { createQueue } from "@imgq/queue";
import { createWorker } from "@imgq/worker";

// Three tasks; one fails four times, rests in the dead letters, is redriven and completes.
const own = process.env.REDIS_URL === undefined ? await startRedisServer() : undefined;
const redis = process.env.REDIS_URL ?? own?.url;

interface Job {
  readonly picture: string;
}

let repaired = false;

// The backoff is short here so that the demonstration is; the default waits 0, 5, 10 … seconds.
const backoff = (retry: number): number => 100 * (retry - 1);
const queue = createQueue<Job, string>({ name: "auto-recovery", redis, maxRetries: 3, backoff });
await queue.clear();

const worker = createWorker({
  queue,
  concurrency: 1,
  handler: async ({ picture }) => {
    if (picture === "broken.jpg" && !repaired) throw new Error("the disk with the pictures is not mounted");
    return `${picture} done`;
  },
});

worker.on("task:settled", ({ task, outcome, willRetry, error }) => {
  if (outcome === "completed") console.log(`   ${task.id}: completed at attempt ${task.attempt}`);
  if (outcome !== "failed") return;
  const next = willRetry
    ? `retry ${task.attempt}/${task.maxRetries}`
    : `dead letters after ${task.attempt} attempts`;
  console.log(`   ${task.id}: failed (${error?.message}) → ${next}`);
});

console.log("1. Three tasks; the second cannot succeed yet.");
const ids = await queue.addMany([
  { id: "task-1", payload: { picture: "rocket.jpg" } },
  { id: "task-2", payload: { picture: "broken.jpg" } },
  { id: "task-3", payload: { picture: "coffee.webp" } },
]);
await worker.start();
for (const id of ids) await queue.wait(id, { timeoutMs: 20_000 });
console.log(`   ${await summary()}`);

console.log("\n2. The dead letter keeps why, and every attempt.");
for (const task of (await queue.deadLetters()).items) {
  console.log(
    `   ${task.id}: ${task.deadReason}, ${task.attempts.length} attempts, last error: ${task.lastError?.message}`,
  );
}

console.log("\n3. The cause is repaired; the task is redriven by hand. Its count starts again.");
repaired = true;
console.log(`   redriven: ${await queue.redrive(["task-2"])}`);
await queue.wait("task-2", { timeoutMs: 20_000 });
console.log(`   ${await summary()}`);

const { finished, released } = await worker.stop();
console.log(`\nWorker stopped: ${finished} finished while stopping, ${released} released.`);
await queue.clear();
await queue.close();
await own?.stop();

async function summary(): Promise<string> {
  const { pending, scheduled, processing, completed, dead } = await queue.counts();
  return `waiting ${pending + scheduled} · processing ${processing} · completed ${completed} · dead ${dead}`;
}
