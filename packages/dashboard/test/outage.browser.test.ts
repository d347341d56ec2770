import { type Alerts, createAlerts, createMonitor, redisAlertStore } from "@imgq/monitor";
import { type DashboardServer, serveDashboard } from "@imgq/dashboard";
import { redisProcessForTests } from "@imgq/testing";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { chromiumForTests, describeInChromium } from "./chromium.ts";
import { until } from "./watched-page.ts";
import { startLiveSystem, type LiveSystem } from "./live-system.ts";

describeInChromium("an open page", () => {
  const server = redisProcessForTests({ args: ["--appendonly", "yes"] });
  const chromium = chromiumForTests();
  let system: LiveSystem;
  let dashboard: DashboardServer;
  let page: Page;
  let snapshots = 0;

  // As `imgq dashboard` has them: their state lies in the Redis that goes away.
  let alerts: Alerts;
  const serve = (port: number): Promise<DashboardServer> => {
    const { queues, registry } = system;
    const monitor = createMonitor({ queues, registry });
    const counted = {
      ...monitor,
      redis: server.redis.url,
      snapshot: () => (snapshots++, monitor.snapshot()),
      prometheus: () => monitor.prometheus(),
      backlog: () => monitor.backlog(),
      close: () => monitor.close(),
    };
    return serveDashboard({ monitor: counted, queues, registry, alerts, port });
  };
  beforeAll(async () => {
    system = await startLiveSystem(server.redis.url);
    alerts = createAlerts({
      monitor: createMonitor({ queues: system.queues, registry: system.registry }),
      store: redisAlertStore({ redis: server.redis.url }),
    });
    await alerts.start();
    dashboard = await serve(0);
    page = await chromium.browser.newPage();
  });
  beforeEach(async () => {
    await page.goto(dashboard.url);
    await page.waitForSelector("tbody tr");
    await page.waitForSelector(".banner", { state: "hidden" });
  });
  afterAll(async () => {
    await dashboard.close();
    await alerts.stop();
    await system.stop();
  });

  it.each(["stopped", "frozen"] as const)(
    "says that Redis is unreachable within three seconds of its being %s, keeps its numbers, and goes on by itself",
    async (how) => {
      const rows = await page.locator("tbody tr").count();
      const stoppedAt = performance.now();
      if (how === "frozen") server.redis.freeze();
      else await server.redis.kill();
      await page.waitForSelector(".banner >> text=Redis is unreachable");
      // One second to the next look, 1.5 until it gives up: half a second is left for a busy machine.
      expect(performance.now() - stoppedAt).toBeLessThan(3000);
      expect(await page.textContent(".health")).toBe("Redis is unreachable");
      expect(await page.locator("tbody tr").count()).toBe(rows);
      if (how === "frozen") server.redis.thaw();
      else await server.redis.restart();
      await page.waitForSelector(".banner", { state: "hidden" });
      const before = await page.textContent("tbody tr:first-child td:nth-child(5)");
      await until(
        page,
        `document.querySelector("tbody tr:first-child td:nth-child(5)").textContent !== ${JSON.stringify(before)}`,
      );
    },
  );

  it("says so when the dashboard itself is gone, and comes back with it", async () => {
    const { port } = dashboard;
    await dashboard.close();
    await page.waitForSelector(".banner >> text=does not answer");
    dashboard = await serve(port);
    await page.waitForSelector(".banner", { state: "hidden" });
  });

  it("asks for nothing while it is hidden, and catches up when it is shown", async () => {
    const hide = (hidden: boolean): Promise<unknown> =>
      page.evaluate(
        `Object.defineProperty(document, "hidden", { value: ${hidden}, configurable: true }); document.dispatchEvent(new Event("visibilitychange"))`,
      );
    await hide(true);
    await page.waitForTimeout(1200);
    snapshots = 0;
    await page.waitForTimeout(3000);
    expect(snapshots).toBeLessThanOrEqual(1);
    await hide(false);
    await until(page, "document.querySelector('.health').textContent !== 'Connecting…'");
    snapshots = 0;
    await page.waitForTimeout(2500);
    expect(snapshots).toBeGreaterThanOrEqual(1);
  });
});
