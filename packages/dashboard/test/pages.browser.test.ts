import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { redisForTests } from "@imgq/testing";
import { Redis } from "ioredis";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { chromiumForTests, describeInChromium } from "./chromium.ts";
import { startDashboard, type TestDashboard } from "./dashboard-for-tests.ts";
import { measureContrast } from "./contrast.ts";
import { sharpThumbnail } from "./sharp-thumbnail.ts";
import { allPages, watchedPage, until } from "./watched-page.ts";

const images = fileURLToPath(new URL("../../../images/", import.meta.url));
/** Ignored by git, kept by CI: what the pages look like. */
const output = fileURLToPath(new URL("../../../output/dashboard/", import.meta.url));

describeInChromium("the pages", () => {
  const redis = redisForTests();
  const chromium = chromiumForTests();
  let dashboard: TestDashboard;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    await mkdir(output, { recursive: true });
    dashboard = await startDashboard(redis.url, {
      roots: { input: images, output: images },
      thumbnail: sharpThumbnail,
    });
    ({ page, complaints } = await watchedPage(chromium.browser));
    await page.goto(dashboard.url);
    // Charts need a few points to be lines.
    await until(page, "document.querySelectorAll('.chart canvas').length === 5");
  });
  afterAll(() => dashboard.stop());

  it("show live data that changes by itself", async () => {
    const completed = async (): Promise<string> =>
      (await page.textContent("tbody tr:first-child td:nth-child(5)")) ?? "";
    const before = await completed();
    await until(
      page,
      `document.querySelector("tbody tr:first-child td:nth-child(5)").textContent !== ${JSON.stringify(before)}`,
    );
    expect(await page.textContent(".strip")).toMatch(/Redis\d+\.\d+.*Round trip.*noeviction.*3 alive/);
    expect(await page.textContent(".health")).toBe("1 alert fires");
    expect(await page.textContent(".alerts")).toContain("Queue images has 13 dead letters");
  });

  it("show the last ninety days when they are asked for", async () => {
    const client = new Redis(redis.url);
    const today = Math.floor(Date.now() / 86_400_000);
    for (let ago = 1; ago < 90; ago += 1) {
      const completed = 4000 + Math.round(1500 * Math.sin(ago)) - 30 * ago;
      await client.hset("imgq:{images}:days", {
        [`${today - ago}:completed`]: completed,
        [`${today - ago}:failed`]: Math.round(completed / 40),
        [`${today - ago}:dead`]: ago % 9,
      });
    }
    client.disconnect();
    await page.focus(".switch button:first-child");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await until(page, "document.querySelectorAll('.chart canvas').length === 2");
    expect(await page.getAttribute('.switch [aria-pressed="true"]', "type")).toBe("button");
    expect(await page.textContent('.switch [aria-pressed="true"]')).toBe("Last 90 days");
    expect(await page.getAttribute(".plot", "aria-label")).toBe("Completed a day, last 90 days");
    // Today's number stands in the legend.
    await until(page, "/[1-9]/.test(document.querySelector('.legend .value').textContent)");
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [360, 1600]) {
        await page.setViewportSize({ width, height: 1000 });
        await page.screenshot({ path: `${output}days-${colorScheme}-${width}.png`, fullPage: true });
        expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(
          0,
        );
      }
      expect(await measureContrast(page)).toEqual([]);
    }
    await page.click(".switch button:first-child");
    await until(page, "document.querySelectorAll('.chart canvas').length === 5");
  });

  it("keep the focus where it is while numbers change", async () => {
    await page.focus("tbody tr:first-child button");
    await page.waitForTimeout(1500);
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Pause");
  });

  it.each(["light", "dark"] as const)(
    "fit into 360 and 1600 pixels and can be read, in %s colours",
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      for (const { name, hash, shows } of allPages(dashboard.system.ids)) {
        await page.goto(dashboard.url + hash);
        await page.waitForSelector(shows);
        for (const width of [360, 1600]) {
          await page.setViewportSize({ width, height: 1000 });
          await page.screenshot({ path: `${output}${name}-${colorScheme}-${width}.png`, fullPage: true });
          const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
          expect(overflow, `${name} at ${width} pixels`).toBeLessThanOrEqual(0);
        }
        expect(await measureContrast(page), `${name} in ${colorScheme}`).toEqual([]);
      }
    },
  );

  it("never hide a number of a queue or a task beside the screen", async () => {
    for (const hash of ["#/", "#/tasks?state=dead"]) {
      await page.goto(dashboard.url + hash);
      await page.waitForSelector(".scroll tbody tr");
      for (const width of [360, 768, 900]) {
        await page.setViewportSize({ width, height: 1000 });
        const beside = await page.evaluate(
          "Math.max(...[...document.querySelectorAll('.scroll')].map((each) => each.scrollWidth - each.clientWidth))",
        );
        if (width === 360 || hash === "#/")
          expect(beside, `${hash} at ${width} pixels`).toBeLessThanOrEqual(0);
      }
    }
    await page.setViewportSize({ width: 1600, height: 1000 });
  });

  it("keep the chosen state of tasks in sight on a narrow screen", async () => {
    await page.setViewportSize({ width: 360, height: 800 });
    await page.goto(`${dashboard.url}#/tasks?state=cancelled`);
    await page.waitForSelector(".tabs a[aria-current]");
    await until(
      page,
      "document.querySelector('.tabs a[aria-current]').getBoundingClientRect().right <= innerWidth",
    );
    await page.setViewportSize({ width: 1600, height: 1000 });
  });

  it("show a task's life, and its pictures before and after", async () => {
    const [queue] = dashboard.system.queues;
    await queue.pause();
    const id = await queue.add({ input: "chelsea.png", output: "coffee.webp", filters: [] });
    await page.goto(`${dashboard.url}#/tasks/images/${id}`);
    await page.waitForSelector(".pictures figure:nth-child(2)");
    await until(
      page,
      "[...document.images].length === 2 && [...document.images].every((image) => image.naturalWidth === 320)",
    );
    expect(await page.textContent(".pictures figure:first-child")).toMatch(
      /Before 451 × 300, \d+ KBchelsea\.png/,
    );
    expect(await page.textContent(".facts")).toContain("Picturechelsea.png → coffee.webp");
    await page.screenshot({ path: `${output}task-pictures.png`, fullPage: true });
    await queue.resume();
  });

  it("find a task by its id, with the keyboard alone", async () => {
    await page.goto(`${dashboard.url}#/tasks`);
    await page.waitForSelector("input[type=search]");
    await page.keyboard.press("/");
    await page.keyboard.type(dashboard.system.ids.scheduled);
    await page.keyboard.press("Enter");
    await page.waitForSelector(".steps");
    expect(await page.textContent(".id")).toBe(dashboard.system.ids.scheduled);
    expect(await page.textContent(".facts")).toContain("Duein ");
  });

  it("lead through all sections with the keyboard", async () => {
    await page.goto(`${dashboard.url}#/`);
    await page.reload();
    await page.waitForSelector("tbody tr");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to content");
    const reached = new Set<string>();
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press("Tab");
      reached.add(
        String(
          await page.evaluate("document.activeElement.getAttribute('href') ?? document.activeElement.title"),
        ),
      );
    }
    for (const place of ["#/", "#/tasks", "#/workers", "#/dead", "#/alerts", "#/doctor", "Theme: auto"]) {
      expect(reached).toContain(place);
    }
  });

  it("remember the theme that was chosen", async () => {
    await page.emulateMedia({ colorScheme: "light" });
    const background = (): Promise<unknown> =>
      page.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await background();
    await page.click("button[aria-label^=Theme]");
    await page.click("button[aria-label='Theme: light']");
    await page.waitForSelector("button[aria-label='Theme: dark']");
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.waitForSelector("button[aria-label='Theme: dark']");
    expect(await background()).toBe(dark);
    await page.click("button[aria-label='Theme: dark']");
  });

  it("page through many tasks", async () => {
    const [, thumbnails] = dashboard.system.queues;
    await thumbnails.addMany(Array.from({ length: 120 }, (_, payload) => ({ payload, delayMs: 3_600_000 })));
    await page.goto(`${dashboard.url}#/tasks?queue=thumbnails&state=scheduled`);
    await page.waitForSelector("tbody tr:nth-child(50)");
    const first = await page.textContent("tbody th");
    await page.click("text=Older");
    await until(
      page,
      `document.querySelector("tbody th")?.textContent !== ${JSON.stringify(first)} && document.querySelectorAll("tbody tr").length === 50`,
    );
    await page.click("text=Older");
    await until(page, 'document.querySelectorAll("tbody tr").length === 20');
    await page.click("text=Newest");
    await until(page, `document.querySelector("tbody th")?.textContent === ${JSON.stringify(first)}`);
  });

  it("had nothing to complain about", () => {
    expect(complaints).toEqual([]);
  });
});
