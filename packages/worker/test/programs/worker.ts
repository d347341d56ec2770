// A worker as a program of its own. Says as JSON lines what happens.
import { pbkdf2 } from "node:crypto";
import { createLogger, sleep } from "@imgq/core";
import { createQueue } from "@imgq/queue";
import { createRegistry } from "@imgq/registry";
import { createWorker, type Handler, runUntilSignal } from "@imgq/worker";
import type { Job, Settings } from "./job.ts";

const { redis, queue: name, ...settings } = JSON.parse(process.argv[2] ?? "{}") as Settings;
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const handler: Handler<Job, string> = async (job, { task, signal }) => {
  say({ event: "started", id: task.id, at: Date.now() });
  switch (job.kind) {
    case "quick":
      break;
    case "wait":
      await sleep(job.ms, signal);
      signal.throwIfAborted();
      break;
    case "block":
      for (const until = performance.now() + job.ms; performance.now() < until; );
      break;
    case "crash":
      process.abort();
      break;
    case "native":
      await new Promise<void>((resolve) => pbkdf2("a", "b", job.rounds, 64, "sha512", () => resolve()));
      break;
    default:
      return job satisfies never;
  }
  return task.worker;
};

const queue = createQueue<Job, string>({ name, redis, backoff: "none" });
const registry = createRegistry({ redis });
const worker = createWorker({
  queue,
  registry,
  handler,
  recoverIntervalMs: 200,
  ...settings,
  log: createLogger({ level: "warn" }),
});
worker.on("task:settled", ({ task, outcome }) =>
  say({ event: "settled", id: task.id, outcome, at: Date.now() }),
);
worker.on("redis", ({ reachable, awayMs }) => say({ event: "redis", reachable, awayMs }));
worker.on("status", ({ to }) => say({ event: to, worker: worker.id }));
const { finished, released, reason } = await runUntilSignal(worker);
say({ event: "exit", finished, released, reason });
