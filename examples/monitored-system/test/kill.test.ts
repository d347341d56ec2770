import { type ChildProcess, spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createQueue } from "@imgq/queue";
import { createRegistry } from "@imgq/registry";
import { redisForTests } from "@imgq/testing";
import { afterEach, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const redis = redisForTests();
let program: ChildProcess | undefined;

afterEach(() => program?.kill("SIGKILL"));

it("loses no picture when a worker process is killed while it has pictures in hand", {
  timeout: 120_000,
}, async () => {
  const lines: string[] = [];
  program = spawn(
    "tsx",
    ["--tsconfig", "tsconfig.base.json", "examples/monitored-system/src/main.ts", "--rounds", "3"],
    {
      cwd: root,
      env: {
        ...process.env,
        REDIS_URL: redis.url,
        PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}`,
      },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const ended = new Promise((resolve) => program?.once("exit", resolve));
  if (program.stdout === null) throw new Error("stdout is piped");
  createInterface({ input: program.stdout }).on("line", (line) => lines.push(line));

  const { workerId, taskIds } = await killABusyWorker();
  expect(await ended).toBe(0);

  const queue = createQueue({ name: "images", redis: redis.url });
  const counts = await queue.counts();
  const struck = await Promise.all(taskIds.map((id) => queue.get(id)));
  await queue.close();
  expect(counts).toMatchObject({ completed: 162, dead: 0, pending: 0, processing: 0, scheduled: 0 });
  // What it had in hand was completed by another, and its history says by whom it was begun.
  expect(struck.map((task) => task?.state)).toEqual(taskIds.map(() => "completed"));
  expect(struck.every((task) => task?.worker !== workerId || task.attempts[0]?.outcome === "completed")).toBe(
    true,
  );
  expect(lines.some((line) => line.includes(`${workerId} died (`))).toBe(true);
  expect((await readdir(join(root, "output"))).filter((name) => name.endsWith("imgq-tmp"))).toEqual([]);
});

async function killABusyWorker(): Promise<{
  readonly workerId: string;
  readonly taskIds: readonly string[];
}> {
  const registry = createRegistry({ redis: redis.url });
  const queue = createQueue({ name: "images", redis: redis.url });
  try {
    for (;;) {
      const { items } = await queue.list("processing");
      const workerId = items[0]?.worker;
      const worker = workerId === undefined ? undefined : await registry.get(workerId);
      if (worker !== undefined) {
        process.kill(worker.metadata.pid, "SIGKILL");
        const held = (await queue.list("processing")).items.filter((task) => task.worker === worker.id);
        return { workerId: worker.id, taskIds: held.map((task) => task.id) };
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    await queue.close();
    await registry.close();
  }
}
