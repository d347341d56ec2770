import { fileURLToPath } from "node:url";
import { createQueue, type Queue } from "@imgq/queue";
import { createRegistry, type Registry } from "@imgq/registry";
import { type NodeProcess, type OutputLine, processesForTests } from "@imgq/testing";
import { afterEach, beforeEach } from "vitest";
import type { Job, Settings } from "./programs/job.ts";

/** The queue, the registry, and worker processes on them. Each test has a queue of its own. */
export interface Fleet {
  readonly queue: Queue<Job, string>;
  readonly registry: Registry;
  /** What a worker program needs to know. */
  settings(overrides?: Partial<Settings>): Settings;
  /** Starts a worker process and waits until it claims. */
  worker(overrides?: Partial<Settings>): Promise<NodeProcess>;
  spawn(program: "worker" | "supervisor", settings: Settings): Promise<NodeProcess>;
}

export function fleetForTests(redisUrl: () => string): Fleet {
  const processes = processesForTests({ mayBeLeft: true });
  let opened: { readonly queue: Queue<Job, string>; readonly registry: Registry } | undefined;
  let number = 0;

  beforeEach(() => {
    number += 1;
    const redis = redisUrl();
    opened = {
      queue: createQueue<Job, string>({ name: `fleet-${number}`, redis, backoff: "none" }),
      registry: createRegistry({ redis }),
    };
  });
  afterEach(async () => {
    await opened?.registry.clear();
    await opened?.registry.close();
    await opened?.queue.close();
  });

  const open = (): NonNullable<typeof opened> => {
    if (opened === undefined) throw new Error("The fleet exists inside tests only.");
    return opened;
  };
  const fleet: Fleet = {
    get queue() {
      return open().queue;
    },
    get registry() {
      return open().registry;
    },
    settings: (overrides = {}) => ({
      redis: redisUrl(),
      queue: open().queue.name,
      concurrency: 2,
      leaseMs: 1500,
      heartbeatIntervalMs: 250,
      laggingAfterMs: 500,
      ...overrides,
    }),
    spawn: (program, settings) =>
      processes.spawn(fileURLToPath(new URL(`./programs/${program}.ts`, import.meta.url)), [
        JSON.stringify(settings),
      ]),
    worker: async (overrides) => {
      const process = await fleet.spawn("worker", fleet.settings(overrides));
      await process.waitForLine(said("running"));
      return process;
    },
  };
  return fleet;
}

/** A line of the test programs that tells of `event`, and of this task if one is named. */
export function said(event: string, id?: string): (line: OutputLine) => boolean {
  const matches = ({ fields }: OutputLine): boolean =>
    fields.event === event && (id === undefined || fields.id === id);
  return Object.assign(matches, { toString: () => `${event} ${id ?? ""}` });
}
