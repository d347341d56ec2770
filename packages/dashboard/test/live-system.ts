import { sleep } from "@imgq/core";
import { createQueue, type Queue } from "@imgq/queue";
import { createRegistry, type Registry, type WorkerState } from "@imgq/registry";

export interface LiveSystem {
  readonly queues: readonly [Queue, Queue];
  readonly registry: Registry;
  /** Worker ids by the role they play. */
  readonly workers: readonly string[];
  /** Ids of tasks in a state a test wants to look at. */
  readonly ids: {
    readonly completed: string;
    readonly dead: string;
    readonly running: string;
    readonly scheduled: string;
  };
  stop(): Promise<void>;
}

export interface LiveSystemOptions {
  /** Goes into every text that tasks and workers bring. @default "" */
  readonly hostile?: string;
  /** Whether tasks keep coming. @default true */
  readonly traffic?: boolean;
}

/**
 * Two queues with tasks in every state and three workers that go on working: the product's own queue and registry, with
 * pretended pictures, so that pages have something to show.
 */
export async function startLiveSystem(
  redis: string | undefined,
  options: LiveSystemOptions = {},
): Promise<LiveSystem> {
  const { hostile = "", traffic = true } = options;
  const images = createQueue({ name: "images", redis, backoff: { type: "fixed", delayMs: 600_000 } });
  const thumbnails = createQueue({ name: "thumbnails", redis, backoff: "none" });
  const registry = createRegistry({ redis });
  const workers = ["images-host1-4711", "images-host1-4712", "images-host2-815"];
  const ended = new AbortController();

  for (const [index, id] of workers.entries()) {
    await registry.register(id, {
      hostname: `host${index}${hostile}`,
      pid: 4711 + index,
      startedAt: Date.now() - 3_600_000 * (index + 1),
      queues: ["images", "thumbnails"],
      concurrency: 4,
      versions: { imgq: "1.0.0", node: process.versions.node, sharp: "0.35.5" },
    });
  }
  const ids = await seed(images, workers[0] ?? "", hostile);
  const loops = workers.map((id, index) =>
    work({ id, index, queues: [images, thumbnails], registry, ended: ended.signal }),
  );
  const adding = traffic ? produce([images, thumbnails], ended.signal) : Promise.resolve();
  return {
    queues: [images, thumbnails],
    registry,
    workers,
    ids,
    async stop() {
      ended.abort();
      await Promise.allSettled([...loops, adding]);
      await Promise.all([images.close(), thumbnails.close(), registry.close()]);
    },
  };
}

async function seed(queue: Queue, worker: string, hostile: string): Promise<LiveSystem["ids"]> {
  const payload = {
    input: `photos/chelsea${hostile}.png`,
    output: `out/chelsea${hostile}.jpg`,
    filters: [{ filter: "grayscale" }, { filter: "blur", params: { sigma: 2 } }],
  };
  const claimOne = async (): Promise<Awaited<ReturnType<Queue["claim"]>>[number]> => {
    const [claim] = await queue.claim({ worker, leaseMs: 600_000 });
    if (claim === undefined) throw new Error("Nothing to claim.");
    return claim;
  };
  // One that failed and succeeded at the second attempt.
  const completed = await queue.add(payload, { maxRetries: 3 });
  await queue.release(await claimOne());
  await queue.complete(await claimOne(), { width: 451, height: 300, bytes: 23_456 });
  // One that was given up, and a dozen more with two causes.
  const failures = [
    ...Array.from({ length: 9 }, (_, index) => ({
      error: new TypeError(
        `Cannot read "photos/p${index}.png": unexpected end after ${index * 100} bytes${hostile}`,
      ),
      reason: "invalid-input" as const,
    })),
    ...Array.from({ length: 4 }, () => ({
      error: Object.assign(new Error(`The disk is full${hostile}`), { code: "ENOSPC" }),
      reason: "unrecoverable" as const,
    })),
  ];
  let dead = "";
  for (const { error, reason } of failures) {
    dead = await queue.add(payload);
    await queue.fail(await claimOne(), error, { deadReason: reason });
  }
  // One that waits for its retry, one that runs, and some that are not due.
  const scheduled = await queue.add(payload, { maxRetries: 5 });
  await queue.fail(await claimOne(), new Error(`The origin does not answer${hostile}`));
  const running = await queue.add(payload, { priority: "high", timeoutMs: 600_000 });
  await queue.progress(await claimOne(), { fraction: 0.42, note: `blur${hostile}` });
  await queue.addMany(Array.from({ length: 6 }, () => ({ payload, delayMs: 3_600_000 })));
  const cancelled = await queue.add(payload);
  await queue.cancel(cancelled);
  return { completed, dead, running, scheduled };
}

interface Work {
  readonly id: string;
  readonly index: number;
  readonly queues: readonly Queue[];
  readonly registry: Registry;
  readonly ended: AbortSignal;
}

/** A worker that beats, obeys commands and completes most of what it claims. */
async function work({ id, index, queues, registry, ended }: Work): Promise<void> {
  let state: Exclude<WorkerState, "dead"> = "running";
  let completed = 0;
  let failed = 0;
  for (let round = 0; !ended.aborted; round += 1) {
    const busySlots = (round + index) % 5;
    try {
      for (const queue of queues) {
        await queue.beat({ worker: id, leaseMs: 60_000 });
        if (state !== "running") continue;
        for (const claim of await queue.claim({ worker: id, limit: 3 })) {
          await sleep(3 + ((round * 7 + index * 13) % 24));
          if (completed % 17 === 16 && failed < completed / 10) {
            failed += 1;
            await queue.fail(claim, new Error("A passing trouble"));
          } else {
            completed += 1;
            await queue.complete(claim, {});
          }
        }
      }
      const commands = await registry.heartbeat(id, {
        state,
        slots: 4,
        busySlots,
        tasks: Array.from({ length: Math.min(2, busySlots) }, (_, slot) => ({
          id: `${id}-${round}-${slot}`,
          queue: "images",
          attempt: 1,
          elapsedMs: 40 * (slot + 1),
        })),
        totals: { completed, failed, retried: failed, released: 0, lost: 0 },
        tasksPerMinute: 60 + 20 * Math.sin(round / 7 + index),
        memory: {
          rssBytes: (140 + index * 20 + (round % 10)) * 2 ** 20,
          heapUsedBytes: 30 * 2 ** 20,
          externalBytes: 2 ** 20,
        },
        eventLoopDelayMs: { p50: 0.4, p99: 4 + (round % 6) },
        cpuPercent: 110 + 60 * Math.sin(round / 5 + index * 2),
        redisRoundTripMs: 0.4,
      });
      for (const command of commands) {
        if (command.type === "quiet") state = "quiet";
        if (command.type === "resume") state = "running";
        if (command.type === "stop") return await registry.unregister(id, "stopped by command");
      }
    } catch {
      // Redis is away in some tests; a worker waits for it.
    }
    await sleep(250, ended);
  }
}

async function produce(queues: readonly Queue[], ended: AbortSignal): Promise<void> {
  for (let round = 0; !ended.aborted; round += 1) {
    const number = 3 + Math.round(3 * Math.sin(round / 9));
    const tasks = Array.from({ length: number }, () => ({
      payload: { input: "photos/a.png", output: "out/a.jpg", filters: [] },
    }));
    await Promise.all(queues.map((queue) => queue.addMany(tasks).catch(() => [])));
    await sleep(250, ended);
  }
}
