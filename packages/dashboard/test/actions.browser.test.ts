import { eventually, redisForTests } from "@imgq/testing";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { chromiumForTests, describeInChromium } from "./chromium.ts";
import { startDashboard, type TestDashboard } from "./dashboard-for-tests.ts";
import { watchedPage } from "./watched-page.ts";

describeInChromium("an action on the page", () => {
  const redis = redisForTests();
  const chromium = chromiumForTests();
  let dashboard: TestDashboard;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    dashboard = await startDashboard(redis.url, { traffic: false });
    ({ page, complaints } = await watchedPage(chromium.browser));
  });
  afterAll(() => dashboard.stop());

  const visit = async (hash: string): Promise<void> => {
    await page.goto(dashboard.url + hash);
  };

  it("pauses and resumes a queue", async () => {
    const [queue] = dashboard.system.queues;
    await visit("#/");
    await page.click("button[aria-label='Pause queue images']");
    await page.waitForSelector("tbody .chip:not([hidden]) >> text=paused");
    expect((await queue.stats()).paused).toBe(true);
    expect(await page.textContent(".toast")).toBe("Queue images is paused.");
    await page.click("button[aria-label='Resume queue images']");
    await page.waitForSelector("button[aria-label='Pause queue images']");
    expect((await queue.stats()).paused).toBe(false);
  });

  it("cancels a task, after asking", async () => {
    const [queue] = dashboard.system.queues;
    const { scheduled } = dashboard.system.ids;
    await visit(`#/tasks/images/${scheduled}`);
    await page.click("text=Cancel");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    expect((await queue.get(scheduled))?.state).toBe("scheduled");
    await page.click("text=Cancel");
    await page.click("dialog >> text=Cancel task");
    await page.waitForSelector(".section-head .chip >> text=cancelled");
    expect((await queue.get(scheduled))?.state).toBe("cancelled");
  });

  it("redrives one dead letter", async () => {
    const [queue] = dashboard.system.queues;
    const { dead } = dashboard.system.ids;
    await visit(`#/tasks/images/${dead}`);
    await page.click("text=Redrive");
    // A worker takes it at once.
    await page.waitForSelector(".section-head .chip >> text=completed");
    expect((await queue.get(dead))?.state).toBe("completed");
  });

  it("purges one dead letter, after asking", async () => {
    const [queue] = dashboard.system.queues;
    const [task] = (await queue.deadLetters({ reason: "unrecoverable" })).items;
    await visit(`#/tasks/images/${task?.id}`);
    await page.click("text=Purge");
    await page.click("dialog >> button.danger");
    await eventually("it is gone", async () => (await queue.get(task?.id ?? "")) === undefined);
  });

  it("redrives all dead letters of one cause and purges all of another", async () => {
    const [queue] = dashboard.system.queues;
    await visit("#/dead");
    await page.click(".group:has-text('TypeError') >> text=Redrive");
    expect(await page.textContent("dialog h2")).toBe("Redrive the 9 dead letters of this group?");
    await page.click("dialog >> button.danger");
    await page.waitForSelector(".toast >> text=9 tasks are pending again.");
    await page.waitForSelector(".group:has-text('TypeError')", { state: "detached" });
    expect((await queue.deadLetters({ reason: "invalid-input" })).items).toEqual([]);
    await page.click(".group:has-text('ENOSPC') >> text=Purge");
    await page.click("dialog >> button.danger");
    await page.waitForSelector(".group:has-text('ENOSPC')", { state: "detached" });
    expect((await queue.deadLetters({ reason: "unrecoverable" })).items).toEqual([]);
  });

  it("purges all dead letters of a queue", async () => {
    const [, queue] = dashboard.system.queues;
    await queue.pause();
    const [claim] = await eventually("a task to spoil", async () => {
      await queue.resume();
      await queue.add({}, { priority: "high" });
      const claims = await queue.claim({ worker: "spoiler" });
      return claims.length > 0 ? claims : undefined;
    });
    if (claim !== undefined) await queue.fail(claim, new Error("spoiled"), { deadReason: "unrecoverable" });
    await visit("#/dead");
    await page.click("section:has(h2:text-is('thumbnails')) >> text=Purge all");
    await page.click("dialog >> button.danger");
    await page.waitForSelector("section:has(h2:text-is('thumbnails'))", { state: "detached" });
    expect((await queue.counts()).dead).toBe(0);
  });

  it("quiets, resumes and stops a worker", async () => {
    const { workers, registry } = dashboard.system;
    const [, worker = ""] = workers;
    await visit("#/workers");
    await page.click(`button[aria-label='Quiet ${worker}']`);
    await page.waitForSelector(`.worker:has-text('${worker}') .chip >> text=quiet`);
    await page.click(`button[aria-label='Resume ${worker}']`);
    await page.waitForSelector(`.worker:has-text('${worker}') .chip >> text=running`);
    await page.click(`button[aria-label='Stop ${worker}']`);
    await page.click("dialog >> text=Stop worker");
    await page.waitForSelector(`tr:has-text('${worker}'):has-text('stopped by command')`);
    expect((await registry.get(worker))?.alive).toBe(false);
  });

  it("had nothing to complain about", () => {
    expect(complaints).toEqual([]);
  });
});
