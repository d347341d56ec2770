import { createServer, type Server } from "node:http";
import { redisForTests } from "@imgq/testing";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { chromiumForTests, describeInChromium } from "./chromium.ts";
import { startDashboard, type TestDashboard } from "./dashboard-for-tests.ts";
import { allPages, watchedPage } from "./watched-page.ts";

const hostile = `"'><img src=x onerror="window.__broken=1"><script>window.__broken=1</script>{{7*7}}\u202e`;

describeInChromium("a hostile world", () => {
  const redis = redisForTests();
  const chromium = chromiumForTests();
  const servers: Server[] = [];
  let dashboard: TestDashboard;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    dashboard = await startDashboard(redis.url, { hostile });
    ({ page, complaints } = await watchedPage(chromium.browser));
  });
  afterAll(() => dashboard.stop());
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  it("finds its markup shown as text on every page, and nothing runs", async () => {
    for (const { name, hash, shows } of allPages(dashboard.system.ids)) {
      await page.goto(dashboard.url + hash);
      await page.waitForSelector(shows);
      await page.waitForTimeout(200);
      expect(await page.evaluate("window.__broken"), name).toBeUndefined();
      expect(await page.locator("main img, main script").count(), name).toBe(0);
      if (["tasks", "task-dead", "dead-letters", "workers"].includes(name)) {
        expect(await page.textContent("main"), name).toContain(`<script>window.__broken=1</script>`);
      }
    }
    expect(complaints).toEqual([]);
  });

  it("may put anything into the address", async () => {
    for (const hash of [
      `#/tasks/${encodeURIComponent(hostile)}/${encodeURIComponent(hostile)}`,
      `#/${hostile}`,
      `#/tasks?queue=${hostile}&state=${hostile}`,
    ]) {
      await page.goto(dashboard.url + hash);
      await page.waitForSelector("h1");
      await page.waitForTimeout(300);
      expect(await page.evaluate("window.__broken")).toBeUndefined();
    }
    complaints.splice(0);
  });

  it("cannot change anything from another site's page, nor read, nor frame it", async () => {
    const [queue] = dashboard.system.queues;
    const target = `${dashboard.url}api/actions`;
    const body = JSON.stringify({ action: "queue.pause", queue: "images" });
    const site = createServer((_, response) => {
      response.setHeader("content-type", "text/html");
      response.end(`<!doctype html><title>evil</title><iframe src="${dashboard.url}"></iframe>
        <form method="post" action="${target}" enctype="text/plain"><input name='${body.slice(0, -1)},"x":"' value='"}'></form>`);
    });
    servers.push(site);
    await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
    const address = site.address();
    const evil = await chromium.browser.newPage();
    await evil.goto(
      `http://localhost:${typeof address === "object" && address !== null ? address.port : 0}/`,
    );

    const outcomes = await evil.evaluate(`Promise.all([
      fetch(${JSON.stringify(target)}, { method: "POST", headers: { "content-type": "application/json" }, body: ${JSON.stringify(body)} }),
      fetch(${JSON.stringify(target)}, { method: "POST", mode: "no-cors", body: ${JSON.stringify(body)} }).then((response) => { throw new Error(response.type); }),
      fetch(${JSON.stringify(`${dashboard.url}api/session`)}).then((response) => response.text()),
    ].map((attempt) => attempt.then(() => "done", () => "refused")))`);
    expect(outcomes).toEqual(["refused", "refused", "refused"]);
    const frames = evil.frames().map((frame) => frame.locator(".brand").count());
    expect((await Promise.all(frames)).reduce((sum, count) => sum + count, 0)).toBe(0);
    const [answer] = await Promise.all([
      evil.waitForResponse(target),
      evil.evaluate("document.forms[0].submit()"),
    ]);
    expect(answer.status()).toBe(403);
    expect((await queue.stats()).paused).toBe(false);
    await evil.close();
  });

  it("needs the token to get in, and the viewer sees no buttons", async () => {
    const guarded = await startDashboard(redis.url, {
      token: "an operator's long token",
      viewToken: "a viewer's long token",
    });
    try {
      await page.goto(guarded.url);
      await page.fill("input[name=token]", "guess");
      await page.click("button");
      await page.waitForSelector("[role=alert]");
      await page.fill("input[name=token]", "a viewer's long token");
      await page.click("button");
      await page.waitForSelector("text=read-only");
      await page.waitForSelector("tbody tr");
      expect(await page.locator("button:has-text('Pause')").count()).toBe(0);
      await page.goto(`${guarded.url}#/workers`);
      await page.waitForSelector(".worker");
      expect(await page.locator(".worker button").count()).toBe(0);
      await page.click("text=Log out");
      await page.waitForSelector("input[name=token]");
      await page.goto(`${guarded.url}?token=${encodeURIComponent("an operator's long token")}`);
      await page.waitForSelector("button:has-text('Pause')");
      expect(page.url()).not.toContain("token");
    } finally {
      await guarded.stop();
    }
  });
});
