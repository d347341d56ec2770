import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { compileProgram, eventually, redisForTests } from "@imgq/testing";
import type { NodeProcess } from "@imgq/testing";
import { describe, expect, it } from "vitest";
import { fleetForTests, said } from "./fleet.ts";
import type { SupervisorSettings } from "./programs/job.ts";

const redis = redisForTests();
const fleet = fleetForTests(() => redis.url);

async function supervise(overrides: Partial<SupervisorSettings> = {}): Promise<NodeProcess> {
  const worker = await compileProgram(fileURLToPath(new URL("./programs/worker.ts", import.meta.url)));
  const settings = { ...fleet.settings(), worker, processes: 1, leaseMs: 20_000, ...overrides };
  return fleet.spawn("supervisor", settings);
}

async function endGracefully(supervisor: NodeProcess): Promise<void> {
  supervisor.signal("SIGTERM");
  expect(await supervisor.endWithin(20_000)).toEqual({ code: 0, signal: null });
}

describe("a supervisor", () => {
  it("tells the queue at once that a child was killed, records how, and starts another", async () => {
    const supervisor = await supervise();
    const id = await fleet.queue.add({ kind: "wait", ms: 500 });
    await supervisor.waitForLine(said("started", id));
    const [victim] = await fleet.registry.active();
    const killedAt = Date.now();
    process.kill(victim?.metadata.pid ?? 0, "SIGKILL");
    // The lease is 20 s: only the supervisor can have brought the task back before.
    const task = await fleet.queue.wait(id, { timeoutMs: 15_000 });
    expect(task).toMatchObject({ state: "completed", crashes: 1 });
    const exited = await supervisor.waitForLine(said("child:exited"));
    expect(exited.fields).toMatchObject({ recovered: 1, expected: false, workerId: victim?.id });
    expect(Number(exited.fields.at) - killedAt).toBeLessThan(2000);
    expect((await fleet.registry.get(victim?.id ?? ""))?.end?.reason).toMatch(/SIGKILL/);
    expect(task.attempts[0]?.error?.message).toMatch(/SIGKILL/);
    await endGracefully(supervisor);
  });

  it("replaces no child that was stopped by a command, and ends with the last one", async () => {
    const supervisor = await supervise({ processes: 2 });
    await eventually("both run", async () => (await fleet.registry.active()).length === 2);
    const [first, second] = await fleet.registry.active();
    await fleet.registry.send(first?.id ?? "", { type: "stop" });
    const exited = await supervisor.waitForLine(said("child:exited"));
    expect(exited.fields).toMatchObject({ workerId: first?.id, expected: true });
    expect((await fleet.registry.active()).map(({ id }) => id)).toEqual([second?.id]);
    await fleet.registry.send(second?.id ?? "", { type: "drain" });
    expect(await supervisor.endWithin(20_000)).toEqual({ code: 0, signal: null });
    expect(supervisor.lines.filter(said("child:started"))).toHaveLength(2);
    expect(new Set((await fleet.registry.ended()).map(({ end }) => end?.reason))).toEqual(
      new Set(["drained by command", "stopped by command"]),
    );
  });

  it("sends only the poison task to the dead letters when it crashes its process among good ones", async () => {
    const supervisor = await supervise({ concurrency: 4 });
    const good = await fleet.queue.addMany(
      Array.from({ length: 6 }, () => ({ payload: { kind: "wait", ms: 100 } as const })),
    );
    const poison = await fleet.queue.add({ kind: "crash" });
    const more = await fleet.queue.addMany(
      Array.from({ length: 6 }, () => ({ payload: { kind: "wait", ms: 100 } as const })),
    );
    const dead = await fleet.queue.wait(poison, { timeoutMs: 30_000 });
    expect(dead).toMatchObject({ state: "dead", deadReason: "crash-loop", crashes: 3 });
    for (const id of [...good, ...more]) {
      expect((await fleet.queue.wait(id, { timeoutMs: 30_000 })).state).toBe("completed");
    }
    await endGracefully(supervisor);
  });

  it("ends a child whose handler hangs in a native call, and lets the neighbours finish", async () => {
    const supervisor = await supervise({ hardDeadlineMs: 500, concurrency: 2 });
    const neighbour = await fleet.queue.add({ kind: "wait", ms: 3000 });
    await supervisor.waitForLine(said("started", neighbour));
    const hangs = await fleet.queue.add(
      { kind: "native", rounds: 2 ** 31 - 1 },
      { timeoutMs: 300, maxRetries: 0 },
    );
    const recycled = await supervisor.waitForLine(said("child:recycled"));
    expect(recycled.fields.reason).toMatch(/after it was given up/);
    expect(await fleet.queue.wait(hangs, { timeoutMs: 10_000 })).toMatchObject({ deadReason: "timeout" });
    expect(await fleet.queue.wait(neighbour, { timeoutMs: 20_000 })).toMatchObject({
      state: "completed",
      attempt: 1,
      crashes: 0,
    });
    await eventually("a fresh child runs", () => supervisor.lines.filter(said("running")).length === 2);
    await endGracefully(supervisor);
  });

  it("kills a child whose main loop is blocked for longer than its task may take", async () => {
    const supervisor = await supervise({ hardDeadlineMs: 500, wedgedAfterMs: 1500 });
    const id = await fleet.queue.add({ kind: "block", ms: 60_000 }, { timeoutMs: 1000 });
    const exited = await supervisor.waitForLine(said("child:exited"));
    expect(exited.fields.cause).toMatch(/main loop blocked for/);
    expect((await fleet.queue.get(id))?.crashes).toBe(1);
    supervisor.signal("SIGTERM");
    supervisor.signal("SIGTERM");
    await supervisor.endWithin(20_000);
  });

  it("recycles a child after its number of tasks, without spending an attempt", async () => {
    const supervisor = await supervise({ recycleAfterTasks: 5 });
    const ids = await fleet.queue.addMany(
      Array.from({ length: 20 }, () => ({ payload: { kind: "wait", ms: 100 } as const })),
    );
    for (const id of ids) {
      expect(await fleet.queue.wait(id, { timeoutMs: 30_000 })).toMatchObject({
        state: "completed",
        attempt: 1,
      });
    }
    await supervisor.waitForLine(said("child:recycled"));
    await endGracefully(supervisor);
  });

  it("gives up with exit code 1 when no child can start", async () => {
    const supervisor = await supervise({ leaseMs: 1, maxFailedStarts: 3 });
    expect((await supervisor.endWithin(30_000)).code).toBe(1);
    expect(supervisor.errorOutput).toMatch(/leaseMs must be at least twice/);
  });

  it("takes its children along when it is killed itself", async () => {
    const supervisor = await supervise({ processes: 2 });
    const children = await eventually("two children run", async () => {
      const active = await fleet.registry.active();
      return active.length === 2 ? active : undefined;
    });
    await supervisor.kill();
    await eventually("both have left", async () => (await fleet.registry.ended()).length === children.length);
  });

  it("leaves no child behind that began when it was gone already", async () => {
    const program = await compileProgram(fileURLToPath(new URL("./programs/worker.ts", import.meta.url)));
    const child = fork(program, [JSON.stringify(fleet.settings())], {
      env: { ...process.env, IMGQ_SUPERVISED: "1" },
      stdio: "ignore",
    });
    child.disconnect();
    expect(await once(child, "exit", { signal: AbortSignal.timeout(10_000) })).toEqual([0, null]);
  });

  it("answers probes for its children", async () => {
    const supervisor = await supervise();
    const { url } = (await supervisor.waitForLine(said("health"))).fields;
    await supervisor.waitForLine(said("running"));
    const ready = await eventually("it is ready", async () => {
      const response = await fetch(`${String(url)}/readyz`);
      return response.ok ? response : undefined;
    });
    expect(await ready.json()).toMatchObject({ ok: true });
    expect((await fetch(`${String(url)}/livez`)).status).toBe(200);
    expect((await fetch(`${String(url)}/metrics`)).status).toBe(404);
    await endGracefully(supervisor);
  });
});
