import { mkdir } from "node:fs/promises";
import { relative } from "node:path";
import { startRedisServer } from "@imgq/cli/local-redis";
import { createPipeline, type ImageResult, type ImageTask } from "@imgq/pipeline";
import { createQueue } from "@imgq/queue";
import { createRegistry } from "@imgq/registry";
import { lingerFor } from "./linger.ts";
import { servePage } from "./page.ts";
import { createProgressView, seconds } from "./progress.ts";
import { imagesFolder, listWork, outputFolder } from "./work.ts";
import { startInProcess, startProcesses } from "./workers.ts";

// The whole system on real pictures: a queue, three monitored worker processes, live progress, a graceful end.
const rounds = readRounds(process.argv.slice(2));
const view = createProgressView(process.stdout);
const redis = await openRedis();

const queue = createQueue<ImageTask, ImageResult>({ name: "images", redis: redis.url });
const registry = createRegistry({ redis: redis.url });
await queue.clear();
await registry.clear();
await mkdir(outputFolder, { recursive: true });

const work = await listWork(createPipeline({ inputRoot: imagesFolder, outputRoot: outputFolder }), rounds);
const ids = await queue.addMany(work.map((payload) => ({ payload })));
view.say(`${ids.length} tasks added: every picture of images/ with six filter pipelines.`);

const workers =
  redis.url === undefined
    ? await startInProcess(queue, registry)
    : await startProcesses(redis.url, queue, registry, (line) => view.say(`  ${line}`));

const page = await servePage(queue, registry);
view.say(`Watch it in a browser while it runs: ${page.url}`);

let interrupted = false;
process.once("SIGINT", () => (interrupted = true));
process.once("SIGTERM", () => (interrupted = true));

const startedAt = performance.now();
const workedMs = await watch();
view.say(
  interrupted
    ? "Interrupted: the workers finish what they have in hand."
    : "All done; the workers stop gracefully.",
);
await workers.stop();
await report();
if (!interrupted) await lingerFor(page.url, process);

await page.close();
await registry.close();
await queue.close();
await redis.stop();
process.exitCode = interrupted ? 130 : 0;

/** Shows progress until every task has ended. Returns the milliseconds since the first was begun. */
async function watch(): Promise<number> {
  let begunAt: number | undefined;
  for (;;) {
    const [counts, records] = await Promise.all([queue.counts(), registry.list()]);
    if (counts.processing + counts.completed > 0) begunAt ??= performance.now();
    view.show(performance.now() - startedAt, counts, records);
    const ended = counts.completed + counts.dead + counts.cancelled;
    if (interrupted || ended === ids.length) return performance.now() - (begunAt ?? startedAt);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function report(): Promise<void> {
  const { counts, totals } = await queue.stats();
  const perSecond = ((counts.completed / workedMs) * 1000).toFixed(1);
  console.log(`
Totals
  completed ${counts.completed} · dead ${counts.dead} · retried ${totals.retried} · recovered ${totals.recovered} · refused late results ${totals.leaseLost}
  ${seconds(workedMs)} from the first claim to the last picture, ${perSecond} pictures/s
  workers still registered: ${(await registry.active()).length}
  pictures are in ${relative(process.env.INIT_CWD ?? process.cwd(), outputFolder)}/
`);
  for (const task of (await queue.deadLetters()).items) {
    console.log(`  dead: ${task.payload.output}: ${task.deadReason}, ${task.lastError?.message}`);
  }
  console.log(`Try next
  npx pnpm@10 start --rounds 20                                    then kill -9 a worker while it runs: no picture is lost
  npx pnpm@10 exec imgq process images/*.jpg --filters "grayscale | blur(2) | edges" --out output
  npx pnpm@10 exec imgq demo --dashboard                           a live system to look at and to break
  npx pnpm@10 test`);
}

/** REDIS_URL, else a server of our own, else none: then tasks live in memory and the workers in this process. */
async function openRedis(): Promise<{ readonly url: string | undefined; stop(): Promise<void> }> {
  const given = process.env.REDIS_URL;
  if (given !== undefined) {
    view.say(`Redis: ${given} (REDIS_URL)`);
    return { url: given, stop: () => Promise.resolve() };
  }
  try {
    const server = await startRedisServer();
    view.say(`Redis: own server at ${server.url}`);
    return { url: server.url, stop: () => server.stop() };
  } catch (error) {
    view.say(`No Redis (${error instanceof Error ? error.message : String(error)})`);
    view.say("Going on with tasks in memory and the three workers in this process.");
    return { url: undefined, stop: () => Promise.resolve() };
  }
}

function readRounds(args: readonly string[]): number {
  const at = args.indexOf("--rounds");
  const value = at < 0 ? 1 : Number(args[at + 1]);
  if (Number.isInteger(value) && value >= 1 && value <= 1000) return value;
  throw new RangeError(`--rounds must be a whole number from 1 to 1000; got ${args[at + 1]}.`);
}
