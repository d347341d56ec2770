import { createRegistry, type Registry, UnknownWorkerError, type WorkerVitals } from "@imgq/registry";
import type { RedisSource } from "@imgq/core/redis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { metadata, vitals } from "./builders.ts";

const DAY = 24 * 3600 * 1000;

/** What every registry does, whatever it stores in. */
export function describeRegistry(name: string, redis: () => RedisSource | undefined): void {
  describe(`a registry in ${name}`, () => {
    let now = 0;
    let registry: Registry;

    beforeEach(() => {
      now = 1_000_000_000_000;
      registry = createRegistry({ redis: redis(), heartbeatTimeoutMs: 5000, now: () => now });
    });

    afterEach(async () => {
      await registry.clear();
      await registry.close();
    });

    const ids = async (workers: Promise<readonly { id: string }[]>): Promise<string[]> =>
      (await workers).map(({ id }) => id).toSorted();

    it("knows a registered worker as alive, with its metadata", async () => {
      await registry.register("one", metadata({ pid: 17, labels: { rack: "b" } }));
      expect(await registry.active()).toEqual([
        {
          id: "one",
          metadata: metadata({ pid: 17, labels: { rack: "b" } }),
          state: "starting",
          alive: true,
          registeredAt: now,
          lastBeatAt: now,
          timeSinceHeartbeatMs: 0,
        },
      ]);
    });

    it("runs from the first beat on, with or without vitals", async () => {
      await registry.register("plain", metadata());
      await registry.register("telling", metadata());
      await registry.heartbeat("plain");
      const told: WorkerVitals = vitals({ state: "lagging", lastError: "boom" });
      await registry.heartbeat("telling", told);
      expect((await registry.get("plain"))?.state).toBe("running");
      expect(await registry.get("telling")).toMatchObject({ state: "lagging", vitals: told });
    });

    it("finds a worker dead that stopped beating, while the others live", async () => {
      for (const id of ["one", "two", "three"]) await registry.register(id, metadata());
      now += 4000;
      await registry.heartbeat("one");
      await registry.heartbeat("three");
      now += 2000;
      expect(await ids(registry.active())).toEqual(["one", "three"]);
      const [dead, ...others] = await registry.dead();
      expect(others).toEqual([]);
      expect(dead).toMatchObject({
        id: "two",
        state: "dead",
        alive: false,
        timeSinceHeartbeatMs: 6000,
        end: { reason: "no beat for more than 5 s" },
      });
      expect(await ids(registry.list())).toEqual(["one", "three", "two"]);
    });

    it("takes a worker back that beats again before it was cleaned up", async () => {
      await registry.register("one", metadata());
      now += 60_000;
      expect(await ids(registry.dead())).toEqual(["one"]);
      await registry.heartbeat("one");
      expect(await ids(registry.active())).toEqual(["one"]);
      expect(await registry.cleanup()).toEqual([]);
    });

    it("removes dead workers at cleanup, returns them, and remembers how they died", async () => {
      await registry.register("gone", metadata());
      now += 3000;
      await registry.register("here", metadata());
      now += 3000;
      expect(await ids(registry.cleanup())).toEqual(["gone"]);
      expect(await ids(registry.list())).toEqual(["here"]);
      expect(await registry.dead()).toEqual([]);
      expect(await registry.cleanup()).toEqual([]);
      expect(await registry.ended()).toMatchObject([
        { id: "gone", state: "dead", alive: false, end: { reason: "no beat for more than 5 s" } },
      ]);
    });

    it("tells a worker that left from one that died", async () => {
      await registry.register("left", metadata());
      await registry.register("killed", metadata());
      await registry.unregister("left", "SIGTERM");
      await registry.declareDead("killed", "killed by SIGKILL");
      expect(await registry.active()).toEqual([]);
      expect(await ids(registry.dead())).toEqual(["killed"]);
      expect(await registry.get("left")).toMatchObject({
        state: "stopped",
        alive: false,
        end: { reason: "SIGTERM", at: now },
      });
      expect(await registry.get("killed")).toMatchObject({
        state: "dead",
        alive: false,
        end: { reason: "killed by SIGKILL", at: now },
      });
      await registry.cleanup();
      expect(await ids(registry.ended())).toEqual(["killed", "left"]);
    });

    it("keeps what a worker told last, also of one that is declared dead", async () => {
      const told = vitals({ state: "lagging", lastError: "boom" });
      await registry.register("one", metadata());
      await registry.heartbeat("one", told);
      await registry.declareDead("one", "killed by SIGKILL");
      expect(await registry.get("one")).toMatchObject({ state: "dead", vitals: told });
    });

    it("keeps the first account of how a worker ended", async () => {
      await registry.register("one", metadata());
      await registry.declareDead("one", "exit code 1");
      await registry.declareDead("one", "exit code 2");
      await registry.unregister("one", "late");
      expect((await registry.ended())[0]?.end?.reason).toBe("exit code 1");
    });

    it("refuses the beat of a worker it does not know, and of one that has ended", async () => {
      await expect(registry.heartbeat("nobody")).rejects.toBeInstanceOf(UnknownWorkerError);
      await registry.register("one", metadata());
      await registry.unregister("one");
      await expect(registry.heartbeat("one")).rejects.toBeInstanceOf(UnknownWorkerError);
      await registry.register("one", metadata());
      await registry.heartbeat("one");
      expect(await registry.ended()).toEqual([]);
      expect(await ids(registry.active())).toEqual(["one"]);
    });

    it("lets pass who unregisters without being known", async () => {
      await registry.unregister("nobody");
      expect(await registry.list()).toEqual([]);
      expect(await registry.get("nobody")).toBeUndefined();
    });

    it("carries commands to the next beat, in order, each once", async () => {
      await registry.register("one", metadata());
      expect(await registry.send("one", { type: "quiet" })).toBe("ok");
      expect(await registry.send("one", { type: "stop", timeoutMs: 500 })).toBe("ok");
      expect(await registry.heartbeat("one")).toEqual([{ type: "quiet" }, { type: "stop", timeoutMs: 500 }]);
      expect(await registry.heartbeat("one")).toEqual([]);
      await registry.send("one", { type: "resume" });
      expect(await registry.heartbeat("one")).toEqual([{ type: "resume" }]);
    });

    it("does not take commands for a worker that is not registered", async () => {
      expect(await registry.send("nobody", { type: "quiet" })).toBe("not-found");
      await registry.register("one", metadata());
      await registry.unregister("one");
      expect(await registry.send("one", { type: "quiet" })).toBe("not-found");
    });

    it("gives the commands of an old life to nobody", async () => {
      await registry.register("one", metadata());
      await registry.send("one", { type: "stop" });
      await registry.register("one", metadata());
      expect(await registry.heartbeat("one")).toEqual([]);
    });

    it("forgets after a day who ended and who died unnoticed", async () => {
      await registry.register("left", metadata());
      await registry.register("died", metadata());
      await registry.unregister("left");
      now += DAY + 1;
      await registry.register("new", metadata());
      await registry.heartbeat("new");
      expect(await registry.ended()).toEqual([]);
      expect(await ids(registry.list())).toEqual(["new"]);
    });

    it("lists many workers", async () => {
      const many = Array.from({ length: 450 }, (_, index) => `worker-${String(index).padStart(3, "0")}`);
      await Promise.all(many.map((id) => registry.register(id, metadata())));
      expect(await ids(registry.active())).toEqual(many);
    });

    it("refuses an id that would not fit a key", async () => {
      await expect(registry.register("two words", metadata())).rejects.toThrow(/worker id must be/);
    });

    it("is empty after clear", async () => {
      await registry.register("one", metadata());
      await registry.register("two", metadata());
      await registry.unregister("two");
      await registry.clear();
      expect(await registry.list()).toEqual([]);
      expect(await registry.ended()).toEqual([]);
    });
  });
}
