import { type ChildProcess, spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createQueue, type Queue } from "@imgq/queue";
import { createRegistry, type Registry, type WorkerRecord } from "@imgq/registry";
import { redisForTests } from "@imgq/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tunedOptions } from "../src/tuned-environment.ts";
import { imgqBin, runImgq } from "./run-imgq.ts";

const redis = redisForTests();
const images = fileURLToPath(new URL("../../../images/", import.meta.url));
let folder: string;
let queue: Queue;
let registry: Registry;
let command: ChildProcess | undefined;
let log: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "imgq-worker-"));
  await mkdir(join(folder, "photos"));
  await copyFile(join(images, "rocket.jpg"), join(folder, "photos/rocket.jpg"));
  queue = createQueue({ name: "images", redis: redis.url });
  registry = createRegistry({ redis: redis.url });
});
afterEach(async () => {
  command?.kill("SIGKILL");
  await queue.clear();
  await registry.clear();
  await Promise.all([queue.close(), registry.close()]);
  await rm(folder, { recursive: true, force: true });
});

function startWorker(...more: string[]): ChildProcess {
  const args = [
    "worker",
    "--redis",
    redis.url,
    "--input",
    "photos",
    "--output",
    "out",
    "--health-port",
    "0",
    ...more,
  ];
  const child = spawn(process.execPath, [imgqBin, ...args], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  log = "";
  child.stderr?.on("data", (chunk: Buffer) => (log += chunk.toString()));
  command = child;
  return child;
}

/** Workers that run, once there are `count` of them. */
async function running(count: number): Promise<readonly WorkerRecord[]> {
  for (;;) {
    const workers = (await registry.active()).filter((worker) => worker.state === "running");
    if (workers.length === count) return workers;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once("exit", resolve));
}

function line(message: string): Record<string, unknown> {
  const found = log.split("\n").find((text) => text.includes(`"message":"${message}"`));
  return JSON.parse(found ?? "{}");
}

describe("imgq worker", { timeout: 90_000 }, () => {
  it("runs processes with the right variables and options, replaces a killed one, answers probes, and stops with 0", async () => {
    const child = startWorker("--processes", "2", "--concurrency", "2");
    const workers = await running(2);
    const environment = await readFile(`/proc/${workers[0]?.metadata.pid}/environ`, "utf8").catch(() => "");
    if (process.platform === "linux") {
      expect(environment.split("\0")).toEqual(
        expect.arrayContaining(["MALLOC_ARENA_MAX=2", "UV_THREADPOOL_SIZE=6", "VIPS_BLOCK_UNTRUSTED=1"]),
      );
      const commandLine = await readFile(`/proc/${workers[0]?.metadata.pid}/cmdline`, "utf8");
      expect(commandLine.split("\0")).toEqual(expect.arrayContaining([...tunedOptions]));
    }
    expect(workers[0]?.metadata).toMatchObject({ concurrency: 2, versions: { sharp: expect.any(String) } });

    const health = String(line("Starting workers").health);
    expect((await fetch(`${health}/livez`)).status).toBe(200);
    expect((await fetch(`${health}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${health}/metrics`)).text()).toContain("imgq_tasks");
    const port = new URL(health).port;
    expect((await runImgq(["health", "--probe", port, "--ready"])).stdout).toBe("healthy\n");

    const [victim] = workers;
    process.kill(victim?.metadata.pid ?? 0, "SIGKILL");
    for (;;) {
      const record = await registry.get(victim?.id ?? "");
      if (record?.alive === false && /SIGKILL/.test(record.end?.reason ?? "")) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await running(2);
    const id = await queue.add({
      input: "rocket.jpg",
      output: "rocket.webp",
      filters: [{ filter: "grayscale", params: {} }],
    });
    expect(await queue.wait(id, { timeoutMs: 20_000 })).toMatchObject({
      state: "completed",
      result: { format: "webp" },
    });

    child.kill("SIGTERM");
    expect(await exitOf(child)).toBe(0);
    expect(await registry.active()).toEqual([]);
  });

  it("stops at once and says one word about it while Redis is away and nothing is in hand", async () => {
    const child = startWorker("--processes", "2", "--concurrency", "1");
    await running(2);
    redis.server.process.kill("SIGSTOP");
    try {
      while (log.split("Redis takes no beats").length < 3)
        await new Promise((resolve) => setTimeout(resolve, 50));
      const before = log.length;
      const toldAt = performance.now();
      child.kill("SIGTERM");
      expect(await exitOf(child)).toBe(0);
      expect(performance.now() - toldAt).toBeLessThan(2000);
      const warnings = log
        .slice(before)
        .split("\n")
        .filter((text) => text.includes('"level":"warn"'));
      expect(warnings).toEqual([expect.stringContaining("could not be told, its lease will tell it")]);
    } finally {
      redis.server.process.kill("SIGCONT");
    }
  });

  it("runs filters of the person's own, and tells at once when they cannot be loaded", async () => {
    const filters = new URL("../../filters/dist/index.js", import.meta.url).href;
    await writeFile(
      join(folder, "mine.mjs"),
      `import { defineFilter, parameters } from ${JSON.stringify(filters)};
       export const halve = defineFilter({ name: "halve", description: "Half as wide.", params: parameters({}), apply: (image) => image.resize({ width: 320 }) });`,
    );
    startWorker("--processes", "1", "--concurrency", "1", "--filters", "./mine.mjs");
    const added = await runImgq(
      [
        "add",
        "photos/rocket.jpg",
        "--root",
        "photos",
        "--load",
        "./mine.mjs",
        "--filters",
        "halve",
        "--wait",
        "--json",
        "--redis",
        redis.url,
      ],
      { cwd: folder },
    );
    expect(JSON.parse(added.stdout)).toMatchObject({ completed: 1, tasks: [{ result: { width: 320 } }] });

    const broken = await runImgq(["worker", "--filters", "./none.mjs", "--redis", redis.url], {
      cwd: folder,
    });
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain('There is no file "./none.mjs"');
    expect((await runImgq(["worker", "--input", "nowhere"], { cwd: folder })).code).toBe(2);
  });
});

describe("imgq demo", { timeout: 90_000 }, () => {
  it("shows workers that are killed and come back, without losing a task", async () => {
    const { code, stdout } = await runImgq(["demo", "--for", "12s", "--kill-every", "3s", "--json"]);
    expect(code).toBe(0);
    const end = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}");
    expect(end).toMatchObject({ lost: 0 });
    expect(end.kills).toBeGreaterThan(0);
    expect(end.added).toBeGreaterThan(0);
  });
});
