import { eventually, redisForTests } from "@imgq/testing";
import { describe, expect, it } from "vitest";
import { fleetForTests, said } from "./fleet.ts";

const redis = redisForTests();
const fleet = fleetForTests(() => redis.url);

describe("a worker process", () => {
  it("killed in the middle of a task delays it by its lease, and the task keeps the name of the dead", async () => {
    const pair = [await fleet.worker(), await fleet.worker()] as const;
    const id = await fleet.queue.add({ kind: "wait", ms: 1000 });
    const victim = await Promise.any(
      pair.map((worker) => worker.waitForLine(said("started", id)).then(() => worker)),
    );
    const survivor = pair[0] === victim ? pair[1] : pair[0];
    const killedAt = Date.now();
    await victim.kill();
    const started = await survivor.waitForLine(said("started", id));
    // The lease is 1.5 s; what is above it is a busy machine.
    expect(Number(started.fields.at) - killedAt).toBeLessThan(6000);
    const task = await fleet.queue.wait(id, { timeoutMs: 10_000 });
    expect(task).toMatchObject({ state: "completed", crashes: 1 });
    expect(task.attempts.map(({ outcome }) => outcome)).toEqual(["lost", "completed"]);
    await survivor.kill();
  });

  it("stopped past its lease and continued has its late result refused, and says so", async () => {
    const first = await fleet.worker();
    const id = await fleet.queue.add({ kind: "wait", ms: 300 });
    await first.waitForLine(said("started", id));
    first.freeze();
    const second = await fleet.worker();
    const task = await fleet.queue.wait(id, { timeoutMs: 15_000 });
    expect(task.state).toBe("completed");
    first.thaw();
    expect((await first.waitForLine(said("settled", id))).fields.outcome).toBe("lost");
    expect(await fleet.queue.get(id)).toMatchObject({ result: task.result, worker: task.worker });
    // It is in the registry again and works on.
    const next = await fleet.queue.addMany([{ payload: { kind: "quick" } }, { payload: { kind: "quick" } }]);
    for (const one of next) await fleet.queue.wait(one, { timeoutMs: 10_000 });
    await eventually("both are alive", async () => (await fleet.registry.active()).length === 2);
    await Promise.all([first.kill(), second.kill()]);
  });

  it("whose main loop is blocked for longer than its lease keeps its task, runs it once, and is seen to lag", async () => {
    const pair = [await fleet.worker({ wedgedAfterMs: 4000 }), await fleet.worker({ wedgedAfterMs: 4000 })];
    const id = await fleet.queue.add({ kind: "block", ms: 8000 });
    const holder = await Promise.any(
      pair.map((worker) => worker.waitForLine(said("started", id)).then(() => worker)),
    );
    const states = new Set<string>();
    await eventually(
      "it is seen to be wedged",
      async () => {
        const [found] = (await fleet.registry.list()).filter((one) => one.metadata.pid === holder.pid);
        states.add(found?.state ?? "unknown");
        return found?.state === "wedged";
      },
      { everyMs: 50 },
    );
    const task = await fleet.queue.wait(id, { timeoutMs: 20_000 });
    expect([...states]).toEqual(expect.arrayContaining(["lagging", "wedged"]));
    expect(task).toMatchObject({ state: "completed", crashes: 0, attempt: 1 });
    expect(pair.flatMap(({ lines }) => lines.filter(said("started", id)))).toHaveLength(1);
    await Promise.all(pair.map((worker) => worker.kill()));
  });

  it("lets its lease go when its main loop is blocked for longer than its task may take", async () => {
    const first = await fleet.worker({ wedgedAfterMs: 1000 });
    const id = await fleet.queue.add({ kind: "block", ms: 60_000 }, { timeoutMs: 1000 });
    await first.waitForLine(said("started", id));
    const second = await fleet.worker();
    await second.waitForLine(said("started", id));
    await Promise.all([first.kill(), second.kill()]);
  });
});
