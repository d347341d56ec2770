import { redisProcessForTests, eventually } from "@imgq/testing";
import { Redis } from "ioredis";
import { afterEach, describe, expect, it } from "vitest";
import {
  type AlertMessage,
  type AlertRule,
  type Alerts,
  type AlertsOptions,
  createAlerts,
  createMonitor,
  defaultRules,
  type Monitor,
  type Notifier,
  redisAlertStore,
  webhookNotifier,
} from "@imgq/monitor";
import { type Receiver, startReceiver } from "./receiver.ts";

const server = redisProcessForTests();
const open: { stop?(): Promise<void>; close?(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await (each.stop?.() ?? each.close?.());
  const redis = new Redis(server.redis.url);
  await redis.flushall();
  redis.disconnect();
});

function monitorForTest(): Monitor {
  const monitor = createMonitor({ queues: [], redis: server.redis.url, deadlineMs: 400 });
  open.push(monitor);
  return monitor;
}

/** A rule that is bad while `heat.value` is above 10. */
function heatRule(heat: { value: number }): AlertRule {
  return {
    name: "heat",
    severity: "critical",
    measure: () => [{ subject: "oven", value: heat.value }],
    above: 10,
    describe: ({ value }) => `The oven has ${value} degrees.`,
  };
}

function collector(): Notifier & { readonly told: AlertMessage[] } {
  const told: AlertMessage[] = [];
  return { name: "collector", told, notify: async (message) => void told.push(message) };
}

function alertsForTest(options: Partial<AlertsOptions> & { leadMs?: number }): Alerts {
  const { leadMs = 10_000, ...rest } = options;
  const alerts = createAlerts({
    monitor: monitorForTest(),
    store: redisAlertStore({ redis: server.redis.url, leadMs, deadlineMs: 400 }),
    delivery: { attemptMs: 300, retryMs: 20 },
    ...rest,
  });
  open.push(alerts);
  return alerts;
}

const kinds = (messages: readonly AlertMessage[]): string[] => messages.map((message) => message.kind);

describe("several monitors over one Redis", () => {
  it("send one message when an alert fires and one when it clears", async () => {
    const heat = { value: 5 };
    const told = [collector(), collector(), collector()];
    const alerts = told.map((notifier) => alertsForTest({ rules: [heatRule(heat)], notify: [notifier] }));
    const round = (): Promise<unknown> => Promise.all(alerts.map((each) => each.check()));
    await round();
    heat.value = 50;
    await round();
    await round();
    expect(await Promise.all(alerts.map((each) => each.active()))).toMatchObject(
      alerts.map(() => [{ rule: "heat", subject: "oven", value: 50 }]),
    );
    heat.value = 5;
    await round();
    await round();
    const all = told.flatMap((notifier) => notifier.told);
    await eventually("both were told", () => told.flatMap((notifier) => notifier.told).length === 2);
    expect(kinds(all)).toEqual(["fired", "cleared"]);
    for (const each of alerts) expect(kinds(await each.history())).toEqual(["cleared", "fired"]);
  });

  it("all show how it is now, also those that do not speak", async () => {
    const heat = { value: 50 };
    const speaker = collector();
    const leader = alertsForTest({ rules: [heatRule(heat)], notify: [speaker] });
    const looker = alertsForTest({ rules: [heatRule({ value: 0 })] });
    await leader.check();
    heat.value = 500;
    await leader.check();
    await looker.check();
    for (const each of [leader, looker]) {
      expect(await each.active()).toMatchObject([{ value: 500, summary: "The oven has 500 degrees." }]);
    }
    await eventually("told once", () => speaker.told.length === 1);
    expect(speaker.told).toMatchObject([{ kind: "fired", value: 50 }]);
  });

  it("are led by another one when the leader ends, without ringing again", async () => {
    const heat = { value: 50 };
    const [first, second] = [collector(), collector()];
    const one = alertsForTest({ rules: [heatRule(heat)], notify: [first] });
    const other = alertsForTest({ rules: [heatRule(heat)], notify: [second] });
    await one.check();
    await other.check();
    await eventually("told", () => first.told.length === 1);
    await one.stop();
    await other.check();
    heat.value = 5;
    await other.check();
    await eventually("the end is told", () => second.told.length === 1);
    expect([kinds(first.told), kinds(second.told)]).toEqual([["fired"], ["cleared"]]);
  });

  it("send what a leader committed and could not deliver before it died", async () => {
    const heat = { value: 50 };
    const unlucky: Notifier = { name: "unlucky", notify: () => new Promise(() => {}) };
    const lucky = collector();
    const one = alertsForTest({ rules: [heatRule(heat)], notify: [unlucky], leadMs: 100 });
    const other = alertsForTest({ rules: [heatRule(heat)], notify: [lucky] });
    expect(kinds(await one.check())).toEqual(["fired"]);
    // It is not heard of again; its lead runs out.
    await eventually("the other one takes over", async () => {
      await other.check();
      return lucky.told.length > 0;
    });
    await other.check();
    expect(kinds(lucky.told)).toEqual(["fired"]);
  });

  it("do not speak for others when they have nobody to tell", async () => {
    const heat = { value: 50 };
    const page = alertsForTest({ rules: [heatRule(heat)] });
    await page.check();
    expect(await page.active()).toHaveLength(1);
    const notifier = collector();
    const speaker = alertsForTest({ rules: [heatRule(heat)], notify: [notifier] });
    await speaker.check();
    await eventually("told", () => notifier.told.length === 1);
  });
});

describe("a restart", () => {
  it("does not ring again", async () => {
    const heat = { value: 50 };
    const before = collector();
    const one = alertsForTest({ rules: [heatRule(heat)], notify: [before] });
    await one.check();
    await eventually("told", () => before.told.length === 1);
    await one.stop();
    const after = collector();
    const again = alertsForTest({ rules: [heatRule(heat)], notify: [after] });
    await again.check();
    await again.check();
    expect(await again.active()).toHaveLength(1);
    await again.stop();
    expect(after.told).toEqual([]);
  });
});

describe("an outage of Redis", () => {
  const quickRedisDown = defaultRules
    .filter((rule) => rule.name === "redis-down")
    .map((rule) => ({ ...rule, forMs: 0, clearForMs: 0 }));

  it.each(["freeze", "kill"] as const)("by %s is told once and its end is told once", async (how) => {
    const [first, second] = [collector(), collector()];
    const one = alertsForTest({ rules: quickRedisDown, notify: [first] });
    const other = alertsForTest({ rules: quickRedisDown, notify: [second] });
    const round = (): Promise<unknown> => Promise.all([one.check(), other.check()]);
    await one.check();
    await other.check();
    if (how === "freeze") server.redis.freeze();
    else await server.redis.kill();
    await round();
    await round();
    await eventually("told while Redis is down", () => first.told.length === 1);
    if (how === "freeze") server.redis.thaw();
    else await server.redis.restart();
    await eventually("the end is told", async () => {
      await round();
      return first.told.length === 2;
    });
    await round();
    expect(kinds(first.told)).toEqual(["fired", "cleared"]);
    expect(second.told).toEqual([]);
    // What was said in the outage is remembered after it.
    expect(kinds(await one.history())).toEqual(["cleared", "fired"]);
    expect(await one.active()).toEqual([]);
  });
});

describe("a receiver of alerts", () => {
  let receiver: Receiver | undefined;
  afterEach(() => receiver?.stop());

  it.each(["fail", "hang"] as const)(
    "that does %s holds nothing up and gets one delivery when it is well",
    async (how) => {
      receiver = await startReceiver(how);
      const { url } = receiver;
      const heat = { value: 50 };
      const alerts = alertsForTest({ rules: [heatRule(heat)], notify: [webhookNotifier(url)] });
      expect(kinds(await alerts.check())).toEqual(["fired"]);
      // The watch goes on while the delivery hangs.
      for (let round = 0; round < 3; round += 1) expect(await alerts.check()).toEqual([]);
      await eventually("it was tried again", () => (receiver?.attempts ?? 0) >= 2);
      receiver.behave = "accept";
      await eventually("delivered", () => receiver?.accepted.length === 1);
      await alerts.check();
      await alerts.stop();
      expect(kinds(receiver.accepted)).toEqual(["fired"]);
    },
  );
});

describe("the service", () => {
  it("watches by itself from start to stop", async () => {
    const heat = { value: 50 };
    const notifier = collector();
    const alerts = alertsForTest({ rules: [heatRule(heat)], notify: [notifier], intervalMs: 20 });
    await alerts.start();
    await eventually("told", () => notifier.told.length === 1);
    heat.value = 0;
    await eventually("told the end", () => notifier.told.length === 2);
    await alerts.stop();
    expect(alerts.status).toBe("stopped");
  });

  it("leaves only its documented keys behind", async () => {
    const alerts = alertsForTest({ rules: [heatRule({ value: 50 })], notify: [collector()] });
    await alerts.check();
    const redis = new Redis(server.redis.url);
    const keys = (await redis.keys("*")).toSorted();
    redis.disconnect();
    expect(keys.filter((key) => key !== "imgq:{alerts}:undelivered")).toEqual([
      "imgq:{alerts}:history",
      "imgq:{alerts}:leader",
      "imgq:{alerts}:states",
    ]);
  });

  it("refuses rules that cannot work", () => {
    const rule = heatRule({ value: 0 });
    expect(() => alertsForTest({ rules: [rule, rule] })).toThrow(/names of their own/);
    expect(() => alertsForTest({ rules: [{ ...rule, clearAt: 11 }] })).toThrow(/at most above/);
    expect(() => alertsForTest({ rules: [{ ...rule, name: "a/b" }] })).toThrow(/a–z 0–9/);
  });
});
