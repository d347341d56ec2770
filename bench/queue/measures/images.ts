import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createPipeline } from "@imgq/pipeline";
import type { PeerQueue } from "../peer.ts";
import { payload } from "../peer.ts";

const inputRoot = fileURLToPath(new URL("../../../images/", import.meta.url));
const inputs = [
  "astronaut.jpg",
  "chelsea.png",
  "coffee.webp",
  "hubble_deep_field.jpg",
  "retina.jpg",
  "rocket.jpg",
];
/** The worker's default: libvips waits now and then. */
const concurrency = availableParallelism() + 1;

/** What the queue costs beside real work. */
export interface ImageCost {
  /** Share of the slots' time in which no handler ran although tasks were pending, 0 to 1. */
  readonly idleShare: number;
  /** Wall time of all tasks through the queue ÷ wall time of the same handler calls without it. */
  readonly wallRatio: number;
}

/** Runs real pictures through a real pipeline, once by itself and once as tasks of the queue, in the same process. */
export async function imageCost(queue: PeerQueue, tasks: number): Promise<ImageCost> {
  const outputRoot = await mkdtemp(join(tmpdir(), "imgq-bench-"));
  const pipeline = createPipeline({ inputRoot, outputRoot });
  const filters = pipeline.parse("grayscale | blur(2) | brightness(1.2) | edges");
  const run = (number: number): Promise<unknown> =>
    pipeline.run({ input: inputs[number % inputs.length] ?? "", output: `${number}.jpg`, filters });
  try {
    // Loads sharp and compiles the kernels.
    await Promise.all(inputs.map((_, index) => run(index)));
    const alone = await withoutQueue(run, tasks);
    const queued = await throughQueue(queue, run, tasks);
    return { idleShare: queued.idleShare, wallRatio: queued.wallMs / alone };
  } finally {
    await rm(outputRoot, { recursive: true, force: true });
  }
}

async function withoutQueue(run: (number: number) => Promise<unknown>, tasks: number): Promise<number> {
  let next = 0;
  const slot = async (): Promise<void> => {
    while (next < tasks) {
      next += 1;
      await run(next - 1);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: concurrency }, slot));
  return performance.now() - startedAt;
}

async function throughQueue(
  queue: PeerQueue,
  run: (number: number) => Promise<unknown>,
  tasks: number,
): Promise<{ readonly idleShare: number; readonly wallMs: number }> {
  await queue.addMany(Array.from({ length: tasks }, (_, index) => payload(index)));
  const spans: { readonly from: number; readonly to: number }[] = [];
  let finish: () => void = () => {};
  let settled = 0;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let number = 0;
  const worker = await queue.work({
    concurrency,
    handler: async () => {
      const from = performance.now();
      number += 1;
      await run(number - 1);
      spans.push({ from, to: performance.now() });
    },
    onSettled: () => {
      settled += 1;
      if (settled === tasks) finish();
    },
  });
  await finished;
  const endedAt = performance.now();
  await worker.stop();
  const firstStart = Math.min(...spans.map((span) => span.from));
  // From the last start on slots are empty because there is nothing left to do.
  const lastStart = Math.max(...spans.map((span) => span.from));
  const busyMs = spans.reduce((sum, span) => sum + Math.min(span.to, lastStart) - span.from, 0);
  return { idleShare: 1 - busyMs / (concurrency * (lastStart - firstStart)), wallMs: endedAt - firstStart };
}
