import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createPipeline, type ImageTask } from "@imgq/pipeline";
import { createQueue, type Queue } from "@imgq/queue";
import { createRegistry, type Registry } from "@imgq/registry";
import { redisForTests } from "@imgq/testing";
import { createWorker, type Worker } from "@imgq/worker";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunResult, runImgq } from "./run-imgq.ts";

const redis = redisForTests();
const images = fileURLToPath(new URL("../../../images/", import.meta.url));
let folder: string;
let queue: Queue;
let registry: Registry;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imgq-queue-"));
  await mkdir(join(folder, "photos/sub"), { recursive: true });
  await copyFile(join(images, "rocket.jpg"), join(folder, "photos/rocket.jpg"));
  await copyFile(join(images, "chelsea.png"), join(folder, "photos/sub/chelsea.png"));
  await writeFile(join(folder, "photos/bad.png"), "no picture");
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  queue = createQueue({ name: "images", redis: redis.url });
  registry = createRegistry({ redis: redis.url });
});
afterEach(async () => {
  await queue.clear();
  await registry.clear();
  await Promise.all([queue.close(), registry.close()]);
});

function imgq(...args: string[]): Promise<RunResult> {
  return runImgq(args, { cwd: folder, env: { REDIS_URL: redis.url } });
}

async function json(...args: string[]): Promise<ReturnType<typeof JSON.parse>> {
  return JSON.parse((await imgq(...args, "--json")).stdout);
}

/** A worker in this process, over the folder of this file, while `use` runs. */
async function withWorker<T>(use: (worker: Worker) => Promise<T>): Promise<T> {
  const pipeline = createPipeline({ inputRoot: join(folder, "photos"), outputRoot: join(folder, "out") });
  const worker = createWorker<ImageTask, unknown>({
    queue: createQueue<ImageTask, unknown>({ name: "images", redis: redis.url }),
    registry: createRegistry({ redis: redis.url }),
    handler: (task, context) => pipeline.run(task, context),
    id: "worker-1",
    heartbeatIntervalMs: 200,
  });
  await worker.start();
  try {
    return await use(worker);
  } finally {
    await worker.stop();
    await worker.closeConnections();
  }
}

/** One more queue, known by a worker that serves both, while `use` runs. */
async function withQueue(name: string, use: (other: Queue) => Promise<void>): Promise<void> {
  const other = createQueue({ name, redis: redis.url });
  await registry.register("worker-2", {
    hostname: "h",
    pid: 1,
    startedAt: 1,
    queues: ["images", name],
    concurrency: 1,
    versions: {},
  });
  try {
    await use(other);
  } finally {
    await other.clear();
    await other.close();
  }
}

/** Two tasks that died of their pictures. */
async function addDead(): Promise<string[]> {
  const ids = await queue.addMany([{ payload: { input: "a.png" } }, { payload: { input: "b.png" } }]);
  for (const claim of await queue.claim({ worker: "w", limit: 2 })) {
    await queue.fail(claim, new Error(`"${claim.id}" is no picture`), { deadReason: "invalid-input" });
  }
  return ids;
}

describe("imgq add", { timeout: 90_000 }, () => {
  it("adds a task for each file, with paths relative to the workers' folder", async () => {
    const { tasks } = await json(
      "add",
      "photos",
      "--root",
      "photos",
      "--filters",
      "blur(2)",
      "--format",
      "webp",
      "--out",
      "small",
      "--priority",
      "high",
    );
    const stored = await Promise.all(tasks.map((task: { id: string }) => queue.get(task.id)));
    expect(stored.map((task) => task?.payload)).toEqual([
      {
        input: "bad.png",
        output: "small/bad.webp",
        filters: [{ filter: "blur", params: { sigma: 2 } }],
        encode: { format: "webp" },
      },
      {
        input: "rocket.jpg",
        output: "small/rocket.webp",
        filters: [{ filter: "blur", params: { sigma: 2 } }],
        encode: { format: "webp" },
      },
      {
        input: "sub/chelsea.png",
        output: "small/sub/chelsea.webp",
        filters: [{ filter: "blur", params: { sigma: 2 } }],
        encode: { format: "webp" },
      },
    ]);
    expect(stored.map((task) => task?.priority)).toEqual(["high", "high", "high"]);
  });

  it("waits for the end, ends with 1 when one died, and groups why", async () => {
    await withWorker(async () => {
      const { code, stdout } = await imgq(
        "add",
        "photos",
        "--root",
        "photos",
        "--filters",
        "grayscale",
        "--wait",
      );
      expect(stdout).toMatch(
        /^✓ 2 tasks completed\n✗ 1 task failed: cannot be read as a picture.*\n {4}bad\.png\n$/,
      );
      expect(code).toBe(1);
      const good = await imgq(
        "add",
        "photos/rocket.jpg",
        "--root",
        "photos",
        "--filters",
        "grayscale",
        "--wait",
        "--json",
      );
      expect(good.code).toBe(0);
      expect(JSON.parse(good.stdout)).toMatchObject({
        completed: 1,
        tasks: [{ state: "completed", result: { width: 640 } }],
      });
    });
  });

  it("takes a pattern for the pictures among what it matches, and mentions files that are not here", async () => {
    await writeFile(join(folder, "photos/notes.txt"), "no picture, and not called one");
    const added = await imgq("add", "photos/*", "--root", "photos", "--filters", "grayscale", "--json");
    expect(JSON.parse(added.stdout).tasks.map(({ input }: { input: string }) => input)).toEqual([
      "bad.png",
      "rocket.jpg",
    ]);
    const missing = await imgq("add", "photos/gone.jpg", "--root", "photos", "--filters", "grayscale");
    expect(missing).toMatchObject({
      code: 0,
      stderr: "Not found here: photos/gone.jpg. The workers must have it, or the task dies.\n",
    });
  });

  it("refuses what no worker could read, write or run, before anything is added", async () => {
    const outside = await imgq("add", "photos/rocket.jpg", "--root", "photos/sub");
    expect(outside.code).toBe(2);
    expect(outside.stderr).toContain('does not lie in "photos/sub"');
    for (const out of ["../elsewhere", "/elsewhere"]) {
      const escaping = await imgq("add", "photos/rocket.jpg", "--root", "photos", "--out", out);
      expect(escaping.code).toBe(2);
      expect(escaping.stderr).toContain(`"${out}" does not lie below the folder that the workers write to`);
    }
    expect((await imgq("add", "photos", "--root", "photos", "--filters", "nope")).code).toBe(2);
    expect((await queue.counts()).pending).toBe(0);
  });
});

describe("imgq tasks", { timeout: 90_000 }, () => {
  it("lists by state and page by page, shows one, and cancels", async () => {
    const ids = await queue.addMany([1, 2, 3].map((n) => ({ payload: { input: `${n}.png` } })));
    const first = await json("tasks", "list", "--state", "pending", "--limit", "2");
    expect(first.tasks).toHaveLength(2);
    const second = await json("tasks", "list", "--state", "pending", "--after", first.next);
    expect([...first.tasks, ...second.tasks].map((task: { id: string }) => task.id)).toEqual(ids);

    const [id = ""] = ids;
    expect((await imgq("tasks", "show", id)).stdout).toMatch(/state +pending/);
    expect((await imgq("tasks", "cancel", id)).stdout).toBe(`${id}: cancelled\n`);
    const again = await imgq("tasks", "cancel", id, "unknown");
    expect(again.stdout).toBe(`${id}: has finished already\nunknown: does not exist\n`);
    expect(again.code).toBe(1);
  });

  it("shows text from outside without obeying it", async () => {
    const id = await queue.add({ input: "\u001b]0;owned\u0007.png" });
    const { stdout } = await imgq("tasks", "show", id);
    expect(stdout).not.toContain("\u001b");
    expect((await imgq("tasks")).stdout).toContain("\\x1b]0;owned\\x07.png");
  });

  it("says what to do about an unknown id, with exit code 1", async () => {
    const { code, stderr } = await imgq("tasks", "show", "unknown");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^imgq: There is no task "unknown" in images\. .* see imgq tasks list\.\n$/);
  });
});

describe("imgq tasks over several queues", { timeout: 90_000 }, () => {
  it("lists all, a short queue beside a long one, and page by page", async () => {
    const mine = await queue.addMany([1, 2, 3, 4, 5].map((n) => ({ payload: { input: `${n}.png` } })));
    await withQueue("thumbnails", async (thumbnails) => {
      const theirs = await thumbnails.addMany([
        { payload: { input: "t.png" } },
        { payload: 2, delayMs: 60_000 },
      ]);
      for (const state of [[], ["--state", "pending"]]) {
        const seen: string[] = [];
        let after: string[] = [];
        do {
          const page = await json("tasks", "list", ...state, "--limit", "3", ...after);
          expect(page.tasks.length).toBeLessThanOrEqual(3);
          if (seen.length === 0)
            expect(page.tasks.map((task: { queue: string }) => task.queue)).toContain("thumbnails");
          seen.push(...page.tasks.map((task: { id: string }) => task.id));
          after = page.next === undefined ? [] : ["--after", page.next];
        } while (after.length > 0);
        const wanted = [...mine, ...(state.length === 0 ? theirs : theirs.slice(0, 1))];
        expect(seen.toSorted()).toEqual(wanted.toSorted());
      }
      const { tasks } = await json("tasks", "list", "--queue", "thumbnails");
      expect(tasks.map((task: { id: string }) => task.id)).toEqual(theirs);
      expect((await imgq("tasks", "list", "--after", "nonsense")).code).toBe(2);
      const wrong = await imgq("tasks", "list", "--state", "dead", "--after", "images=nonsense");
      expect(wrong.code).toBe(2);
      expect(wrong.stderr).toContain('after must be the next of an earlier page; got "nonsense".');
    });
  });

  it("finds a task wherever it is, and asks which when several have its id", async () => {
    await withQueue("thumbnails", async (thumbnails) => {
      await Promise.all([queue.add(1, { id: "both" }), thumbnails.add(2, { id: "both" })]);
      const id = await thumbnails.add({ input: "t.png" });
      expect((await imgq("tasks", "show", id)).stdout).toMatch(/queue +thumbnails/);
      expect((await imgq("tasks", "cancel", id)).stdout).toBe(`${id}: cancelled\n`);
      const { code, stderr } = await imgq("tasks", "show", "both");
      expect(code).toBe(2);
      expect(stderr).toBe(
        'imgq: A task "both" is in images and thumbnails: say which one is meant with --queue.\n',
      );
      expect(await json("tasks", "show", "both", "--queue", "thumbnails")).toMatchObject({ payload: 2 });
    });
  });
});

describe("imgq dead", { timeout: 90_000 }, () => {
  it("lists, groups by cause and redrives", async () => {
    const ids = await addDead();
    expect((await imgq("dead")).stdout).toMatch(/invalid-input .*a\.png/);
    const { groups } = await json("dead", "list", "--group");
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({ count: 2 });
    expect(groups[0].ids.toSorted()).toEqual(ids.toSorted());
    expect(await json("dead", "redrive", "--all", "--dry-run")).toEqual({ redriven: 2, dryRun: true });
    expect(await json("dead", "redrive", ids[0] ?? "")).toEqual({ redriven: 1, dryRun: false });
    expect(await json("dead", "redrive", "--reason", "timeout")).toEqual({ redriven: 0, dryRun: false });
    expect((await queue.counts()).pending).toBe(1);
    expect((await imgq("dead", "redrive")).code).toBe(2);
    expect((await imgq("dead", "redrive", "unknown")).code).toBe(1);
  });

  it("looks after those of all queues, and removes all of one queue only when it is named", async () => {
    await addDead();
    await withQueue("thumbnails", async (thumbnails) => {
      const id = await thumbnails.add({ input: "c.png" });
      const [claim] = await thumbnails.claim({ worker: "w" });
      if (claim !== undefined) await thumbnails.fail(claim, new Error("torn"), { deadReason: "timeout" });
      expect((await imgq("dead")).stdout).toMatch(/QUEUE +ID[^]*images .*a\.png[^]*thumbnails .*c\.png/);
      expect((await imgq("dead", "list", "--group")).stdout).toMatch(
        /images +2 +invalid-input[^]*thumbnails +1 +timeout/,
      );
      expect((await json("dead", "list", "--group", "--reason", "timeout")).groups).toMatchObject([
        { queue: "thumbnails", count: 1, ids: [id] },
      ]);
      const { code, stderr } = await imgq("dead", "purge", "--yes");
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: "imgq: There are images and thumbnails: say whose dead letters with --queue.\n",
      });
      expect(await json("dead", "redrive", "--reason", "timeout")).toEqual({ redriven: 1, dryRun: false });
      expect((await thumbnails.counts()).pending).toBe(1);
      expect(await json("dead", "purge", "--yes", "--queue", "images")).toEqual({ purged: 2 });
    });
  });

  it("removes nothing before somebody agrees", async () => {
    const [id = ""] = await addDead();
    const refused = await imgq("dead", "purge");
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("add --yes");
    expect((await queue.counts()).dead).toBe(2);
    expect(await json("dead", "purge", id, "--yes")).toEqual({ purged: 1 });
    expect(await json("dead", "purge", "--older-than", "1h", "--yes")).toEqual({ purged: 0 });
    expect(await json("dead", "purge", "--yes")).toEqual({ purged: 1 });
  });
});

describe("imgq workers", { timeout: 90_000 }, () => {
  it("lists, shows, quiets, resumes and stops a running worker", async () => {
    await withWorker(async (worker) => {
      expect((await imgq("workers")).stdout).toMatch(/worker-1 +running/);
      expect((await imgq("workers", "show", "worker-1")).stdout).toMatch(
        /slots +0\/\d+ busy\ncompleted +0\nfailed +0, of them 0 retried\n[^]*pace +0 attempts ended in the last minute/,
      );
      const settled = (status: string): Promise<void> =>
        new Promise((resolve) => worker.on("status", ({ to }) => to === status && resolve()));
      const quiet = settled("quiet");
      expect((await imgq("workers", "quiet", "worker-1")).stdout).toBe(
        "worker-1: told to claim nothing more\n",
      );
      await quiet;
      const running = settled("running");
      expect((await imgq("workers", "resume", "--all")).code).toBe(0);
      await running;
      await imgq("workers", "set", "worker-1", "--concurrency", "7");
      expect((await imgq("workers", "stop", "--all")).code).toBe(2);
      expect((await imgq("workers", "stop", "--all", "--yes")).code).toBe(0);
      expect((await worker.exited).failed).toBe(false);
      expect(worker.stats().slots).toBe(7);
    });
    expect((await imgq("workers", "list", "--ended")).stdout).toMatch(/worker-1 +stopped/);
    const gone = await imgq("workers", "quiet", "worker-1");
    expect(gone.stdout).toBe("worker-1: is not alive\n");
    expect(gone.code).toBe(1);
    expect((await imgq("workers", "show", "nobody")).code).toBe(1);
  });
});

describe("imgq queue, status and health", { timeout: 90_000 }, () => {
  it("pauses, resumes and clears, the last only when told so", async () => {
    await queue.add({ input: "a.png" });
    expect((await imgq("queue", "pause")).stdout).toBe("images is paused.\n");
    expect((await json("status")).queues[0]).toMatchObject({ paused: true, counts: { pending: 1 } });
    expect((await imgq("queue", "resume")).stdout).toBe("images is running.\n");
    expect((await imgq("queue", "clear")).code).toBe(2);
    expect(await json("queue", "clear", "--yes")).toEqual({ queue: "images", removed: 1 });
  });

  it("tells apart whether somebody works and whether tasks wait too long", async () => {
    await queue.add({ input: "a.png" }, { delayMs: 0 });
    expect(await json("health")).toEqual({ healthy: false, reasons: ["0 workers are alive, 1 are wanted"] });
    expect((await imgq("health", "--workers", "0")).code).toBe(0);
    const old = await imgq("health", "--workers", "0", "--max-age", "1ms");
    expect(old.code).toBe(1);
    expect(old.stdout).toContain("pending for");
    expect((await imgq("health", "--probe", "1")).stdout).toContain("does not answer");
  });

  it("knows a queue that only a producer has seen, until it is cleared", async () => {
    const covers = createQueue({ name: "covers", redis: redis.url });
    await covers.add({ input: "a.png" });
    const names = async (): Promise<string[]> =>
      (await json("status")).queues.map((each: { name: string }) => each.name);
    expect(await names()).toEqual(["covers"]);
    await queue.add({ input: "b.png" });
    expect(await names()).toEqual(["covers", "images"]);
    await covers.clear();
    expect(await names()).toEqual(["images"]);
    await covers.add({ input: "c.png" });
    expect(await names()).toEqual(["covers", "images"]);
    await covers.clear();
    await covers.close();
  });

  it("shows all queues that have workers, or those that are named", async () => {
    const serving = (id: string, queues: string[]): Promise<unknown> =>
      registry.register(id, { hostname: "h", pid: 1, startedAt: 1, queues, concurrency: 1, versions: {} });
    await Promise.all([serving("worker-1", ["thumbnails"]), serving("worker-2", ["covers", "thumbnails"])]);
    const names = async (...args: string[]): Promise<string[]> =>
      (await json(...args)).queues.map((each: { name: string }) => each.name);
    expect(await names("status")).toEqual(["covers", "thumbnails"]);
    await queue.add({ input: "a.png" });
    expect(await names("status")).toEqual(["covers", "images", "thumbnails"]);
    expect(await names("status", "--queue", "thumbnails,images")).toEqual(["thumbnails", "images"]);
    const { stdout } = await imgq("top", "--count", "1");
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => line.split(/ +/)[2]),
    ).toEqual(["covers", "images", "thumbnails"]);
    expect((await imgq("status")).stdout).toMatch(
      /^covers  running\n[^]*\nimages  running\n[^]*\nthumbnails  running\n/,
    );
  });

  it("shows what was done on each day", async () => {
    await queue.addMany([{ payload: 1 }, { payload: 2 }]);
    for (const claim of await queue.claim({ worker: "w", limit: 2 })) await queue.complete(claim);
    const today = new Date().toISOString().slice(0, 10);
    expect((await json("status", "--days", "3")).queues[0].days).toMatchObject([
      { completed: 0 },
      { completed: 0 },
      { day: today, completed: 2, failed: 0, dead: 0 },
    ]);
    const { stdout } = await imgq("status", "--days");
    expect(stdout.split("\n")).toHaveLength(17);
    expect(stdout).toMatch(new RegExp(`^images\nDAY +COMPLETED[^]*\n${today} +2 +0 +0 {2}█{30}\n$`));
    expect((await imgq("status", "--days", "91")).code).toBe(2);
  });

  it("shows which alerts fire, with how it is now", async () => {
    await queue.addMany(Array.from({ length: 12 }, (_, n) => ({ payload: n })));
    for (const claim of await queue.claim({ worker: "w", limit: 12 })) {
      await queue.fail(claim, new Error("torn"), { deadReason: "unrecoverable" });
    }
    expect((await imgq("status")).stdout).toMatch(
      /^warning {2}Queue images has 12 dead letters\. .* {2}for \d+/,
    );
    expect((await json("status")).alerts).toMatchObject([{ rule: "dead-letters", value: 12 }]);
  });

  it("prints one line a look without a terminal", async () => {
    const { stdout } = await imgq("top", "--count", "2", "--interval", "100ms");
    expect(stdout.trim().split("\n")).toHaveLength(2);
    expect(stdout).toContain("pending 0");
    const looks = (await imgq("top", "--count", "2", "--json")).stdout.trim().split("\n");
    expect(looks.map((line) => JSON.parse(line).queues[0].name)).toEqual(["images", "images"]);
  });

  it("tells what is wrong with an address of Redis in one sentence", async () => {
    const http = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const address = http.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const status = async (url: string): Promise<[number | null, string]> => {
      const { code, stderr } = await runImgq(["status", "--redis", url]);
      return [code, stderr];
    };
    expect(await status(`redis://127.0.0.1:${port}`)).toEqual([
      3,
      `imgq: What answers at redis://127.0.0.1:${port} is not Redis. Say where Redis is with --redis or REDIS_URL.\n`,
    ]);
    http.close();
    expect(await status("redis://127.0.0.1:6379/images")).toEqual([
      2,
      'imgq: redis must name a database by its number; got "images". Example: redis://localhost:6379/1.\n',
    ]);
    expect(await status(`${redis.url}/99`)).toEqual([
      3,
      `imgq: Redis at ${redis.url}/99 refuses the connection: Redis refused database 99: ERR DB index is out of range. Name one that the server has: 0 to 15, unless its setting "databases" says otherwise; a cluster has 0 only.\n`,
    ]);
    expect(await status("redis://127.0.0.1:99999")).toEqual([2, expect.stringContaining('got "redis://')]);
  });

  it("names the commands of a group when a word is none of them", async () => {
    expect(await runImgq(["tasks", "lst"])).toMatchObject({
      code: 2,
      stderr: 'imgq: "lst" is no command of imgq tasks. There are list, show and cancel.\n',
    });
  });

  it("ends with 3, one sentence and no stack when Redis is not there, whatever was asked", async () => {
    const commands = [["status"], ["tasks"], ["dead"], ["workers"], ["health"], ["top"], ["queue", "pause"]];
    const runs = await Promise.all(
      commands.map((args) => runImgq([...args, "--redis", "redis://127.0.0.1:1"])),
    );
    for (const { code, stdout, stderr } of runs) {
      expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
      expect(stderr).toMatch(
        /^imgq: Redis at redis:\/\/127\.0\.0\.1:1 is unreachable: .*ECONNREFUSED.*REDIS_URL\.\n$/,
      );
    }
    const debug = await runImgq(["status", "--redis", "redis://127.0.0.1:1", "--debug"]);
    expect(debug.stderr).toContain("    at ");
  });
});
