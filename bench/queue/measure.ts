import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { drainedPerSecond } from "./measures/drain.ts";
import type { PeerTarget } from "./peer.ts";
import type { PeerHandle } from "./peer-handle.ts";
import type { RedisProbe } from "./redis-probe.ts";
import type { Sizes } from "./sizes.ts";

/** What a measure works with: two processes of one peer, and the server all share, empty. */
export interface Bench {
  readonly url: string;
  readonly probe: RedisProbe;
  readonly first: PeerHandle;
  readonly second: PeerHandle;
  readonly sizes: Sizes;
}

/** One figure of the report. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly better: "higher" | "lower";
  /** Bound for the ratio imgq ÷ bullmq, or for the value itself. */
  readonly target?: { readonly ratio: number } | { readonly value: number };
}

/** Takes figures of one peer, once. */
export interface Measure {
  readonly figures: readonly Figure[];
  readonly fullOnly?: boolean;
  /** Repetitions are for speed; sizes in bytes do not vary. */
  readonly once?: boolean;
  /** Others before it have warmed up what it measures. */
  readonly isWarm?: boolean;
  run(bench: Bench): Promise<Readonly<Record<string, number>>>;
}

function target(bench: Bench, keepCompleted = 1000): PeerTarget {
  return { url: bench.url, queue: `bench-${randomUUID().slice(0, 8)}`, keepCompleted };
}

const adds: readonly Measure[] = [
  {
    figures: [rate("add-sequential", "add, one after the other", 1.4)],
    run: async (bench) => {
      const tasks = bench.sizes.sequentialAdds;
      return {
        "add-sequential": await bench.first.measure({
          do: "add-sequentially",
          target: target(bench),
          tasks,
        }),
      };
    },
  },
  {
    figures: [rate("add-100", "add, 100 in flight", 3.5)],
    run: async (bench) => {
      const tasks = bench.sizes.adds;
      const order = { do: "add-concurrently", target: target(bench), tasks, inFlight: 100 } as const;
      return { "add-100": await bench.first.measure(order) };
    },
  },
  {
    figures: [rate("add-bulk", "addMany, 500 at a time", 5.5)],
    run: async (bench) => {
      const order = {
        do: "add-in-bulk",
        target: target(bench),
        tasks: bench.sizes.adds,
        bulk: 500,
      } as const;
      return { "add-bulk": await bench.first.measure(order) };
    },
  },
];

function drainAt(concurrency: number, ratio: number): Measure {
  return {
    figures: [
      rate(`drain-${concurrency}`, `drain of no-op tasks, concurrency ${concurrency}`, ratio),
      {
        id: `cpu-${concurrency}`,
        title: `Redis CPU per drained task, concurrency ${concurrency}`,
        unit: "µs",
        better: "lower",
        ...(concurrency === 100 ? { target: { ratio: 1 / 5 } } : {}),
      },
    ],
    run: async (bench) => {
      const tasks = bench.sizes.drained(concurrency);
      const where = target(bench);
      await bench.first.fill(where, tasks);
      const before = await bench.probe.cpuSeconds();
      const part = await bench.first.drain(where, concurrency, tasks);
      const used = (await bench.probe.cpuSeconds()) - before;
      return {
        [`drain-${concurrency}`]: drainedPerSecond([part]),
        [`cpu-${concurrency}`]: (used * 1e6) / tasks,
      };
    },
  };
}

const twoProcesses: Measure = {
  figures: [rate("drain-2x50", "drain, two processes of concurrency 50", 7)],
  run: async (bench) => {
    const tasks = bench.sizes.drained(100);
    const where = target(bench);
    await bench.first.fill(where, tasks);
    const parts = [bench.first.drain(where, 50), bench.second.drain(where, 50)];
    const giveUpAt = performance.now() + 120_000;
    while (bench.first.settled + bench.second.settled < tasks) {
      if (performance.now() > giveUpAt) throw new Error(`${bench.first.name} did not drain ${tasks} tasks.`);
      await pause(10);
    }
    bench.first.stop();
    bench.second.stop();
    return { "drain-2x50": drainedPerSecond(await Promise.all(parts)) };
  },
};

const latency: Measure = {
  figures: [
    {
      id: "latency",
      title: "from add to start on an idle queue, p50",
      unit: "ms",
      better: "lower",
      target: { ratio: 1 },
    },
  ],
  run: async (bench) => ({
    latency: await bench.first.measure({
      do: "latency",
      target: target(bench),
      tasks: bench.sizes.latencySamples,
    }),
  }),
};

const idle: Measure = {
  figures: [
    {
      id: "idle",
      title: "commands an idle worker sends",
      unit: "1/s",
      better: "lower",
      target: { value: 5 },
    },
  ],
  once: true,
  run: async (bench) => {
    const draining = bench.first.drain(target(bench), 10);
    // Opening connections and loading scripts is not idling.
    await pause(1000);
    const idling = await bench.probe.commandsPerSecond(bench.sizes.idleMs);
    bench.first.stop();
    await draining;
    return { idle: idling };
  },
};

const bytes: Measure = {
  figures: [
    size("bytes-pending", "Redis bytes per pending task of 330 bytes"),
    size("bytes-completed", "Redis bytes per completed task of 330 bytes"),
  ],
  once: true,
  run: async (bench) => {
    const tasks = bench.sizes.weighed;
    const where = target(bench, Number.POSITIVE_INFINITY);
    const empty = await bench.probe.usedBytes();
    await bench.first.fill(where, tasks);
    const pending = await bench.probe.usedBytes();
    await bench.first.drain(where, 100, tasks);
    const completed = await bench.probe.usedBytes();
    return {
      "bytes-pending": (pending - empty) / tasks,
      "bytes-completed": (completed - empty) / tasks,
    };
  },
};

const images: Measure = {
  figures: [
    {
      id: "images-idle",
      title: "real pictures: share of a slot's time without a handler running",
      unit: "%",
      better: "lower",
      target: { value: 3 },
    },
    {
      id: "images-wall",
      title: "real pictures: wall time with the queue ÷ without",
      unit: "",
      better: "lower",
    },
  ],
  run: async (bench) => {
    const cost = await bench.first.images(target(bench), bench.sizes.images);
    return { "images-idle": cost.idleShare * 100, "images-wall": cost.wallRatio };
  },
};

const deep: Measure = {
  figures: [
    {
      id: "deep",
      title: "drain at 1,000,000 pending ÷ drain of a short queue",
      unit: "",
      better: "higher",
      target: { value: 0.85 },
    },
    rate("drain-deep", "drain at 1,000,000 pending, concurrency 100"),
  ],
  fullOnly: true,
  isWarm: true,
  run: async (bench) => {
    const tasks = bench.sizes.drained(100);
    const short = target(bench);
    // 1,000 stay pending to the end, as a drain that runs dry has idle slots.
    await bench.first.fill(short, tasks + 1000);
    const shallow = drainedPerSecond([await bench.first.drain(short, 100, tasks)]);
    await bench.probe.flush();
    const long = target(bench);
    await bench.first.fill(long, 1_000_000);
    const deepest = drainedPerSecond([await bench.first.drain(long, 100, tasks)]);
    return { deep: deepest / shallow, "drain-deep": deepest };
  },
};

export const measures: readonly Measure[] = [
  ...adds,
  drainAt(1, 3.5),
  drainAt(10, 5),
  drainAt(100, 6),
  twoProcesses,
  latency,
  idle,
  bytes,
  images,
  deep,
];

function rate(id: string, title: string, ratio?: number): Figure {
  const figure = { id, title, unit: "tasks/s", better: "higher" } as const;
  return ratio === undefined ? figure : { ...figure, target: { ratio } };
}

function size(id: string, title: string): Figure {
  return { id, title, unit: "bytes", better: "lower", target: { ratio: 1 } };
}
