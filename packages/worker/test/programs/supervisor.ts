// A supervisor of worker.ts as a program of its own. Says as JSON lines what happens.
import { createLogger } from "@imgq/core";
import { createQueue } from "@imgq/queue";
import { createRegistry } from "@imgq/registry";
import { runUntilSignal, startHealthServer, superviseWorkers, supervisorHealth } from "@imgq/worker";
import type { SupervisorSettings } from "./job.ts";

const settings = JSON.parse(process.argv[2] ?? "{}") as SupervisorSettings;
const {
  redis,
  queue: name,
  worker,
  processes,
  hardDeadlineMs,
  recycleAfterTasks,
  maxFailedStarts,
  ...rest
} = settings;
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const supervisor = superviseWorkers({
  modulePath: worker,
  args: [JSON.stringify({ redis, queue: name, ...rest })],
  processes,
  queue: createQueue({ name, redis }),
  registry: createRegistry({ redis }),
  ...(rest.shutdownTimeoutMs === undefined ? {} : { shutdownTimeoutMs: rest.shutdownTimeoutMs }),
  ...(rest.wedgedAfterMs === undefined ? {} : { wedgedAfterMs: rest.wedgedAfterMs }),
  ...(hardDeadlineMs === undefined ? {} : { hardDeadlineMs }),
  ...(recycleAfterTasks === undefined ? {} : { recycleAfterTasks }),
  ...(maxFailedStarts === undefined ? {} : { maxFailedStarts }),
  log: createLogger({ level: "warn" }),
});
supervisor.on("child:started", (event) => say({ event: "child:started", ...event }));
supervisor.on("child:exited", (event) => say({ event: "child:exited", ...event, at: Date.now() }));
supervisor.on("child:recycled", (event) => say({ event: "child:recycled", ...event }));
const health = await startHealthServer({ check: supervisorHealth(supervisor) });
say({ event: "health", url: health.url });
const { finished, released, reason } = await runUntilSignal(supervisor);
await health.close();
say({ event: "exit", finished, released, reason });
