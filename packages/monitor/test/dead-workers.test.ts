import { type AlertMessage, createAlerts, createMonitor } from "@imgq/monitor";
import { createQueue } from "@imgq/queue";
import { createRegistry } from "@imgq/registry";
import { eventually, redisForTests } from "@imgq/testing";
import { expect, it } from "vitest";
import { workerRecord } from "./builders.ts";

const server = redisForTests();

it("all workers dead is told within 20 seconds of the last beat, once, and its end once", async () => {
  const redis = server.url;
  const queue = createQueue({ name: "images", redis });
  const registry = createRegistry({ redis });
  const monitor = createMonitor({ queues: [queue], registry });
  const told: AlertMessage[] = [];
  const alerts = createAlerts({
    monitor,
    notify: [{ name: "test", notify: async (message) => void told.push(message) }],
  });
  const { metadata, vitals } = workerRecord();
  await queue.add({});
  await registry.register("worker-1", metadata);
  await registry.heartbeat("worker-1", vitals);
  const lastBeatAt = performance.now();
  await alerts.start();

  await eventually("the alert", () => told.length > 0, { timeoutMs: 25_000 });
  expect(performance.now() - lastBeatAt).toBeLessThan(20_000);
  expect(told).toMatchObject([
    { kind: "fired", rule: "all-workers-dead", subject: "images", severity: "critical" },
  ]);

  const beating = setInterval(() => void registry.heartbeat("worker-1", vitals).catch(() => {}), 500);
  await eventually("its end", () => told.length > 1, { timeoutMs: 20_000 });
  clearInterval(beating);
  expect(told.map((message) => `${message.rule} ${message.kind}`)).toEqual([
    "all-workers-dead fired",
    "all-workers-dead cleared",
  ]);
  await alerts.stop();
  await Promise.all([monitor.close(), registry.close(), queue.close()]);
}, 60_000);
