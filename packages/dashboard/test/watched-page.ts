import { eventually } from "@imgq/testing";
import type { Page } from "playwright-core";

/** A page with a list of what went wrong in it: exceptions, refused loads, violations of the policy. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: string[];
}

/** Opens a page in a browser of this file and listens for complaints. */
export async function watchedPage(browser: { newPage(): Promise<Page> }): Promise<WatchedPage> {
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error.stack)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("dialog", (dialog) => {
    complaints.push(`a dialog said ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { page, complaints };
}

/** Every page of the dashboard and something that is only there once its data is. */
export function allPages(ids: {
  readonly dead: string;
  readonly completed: string;
  readonly running: string;
}): readonly {
  readonly name: string;
  readonly hash: string;
  readonly shows: string;
}[] {
  return [
    { name: "overview", hash: "#/", shows: "table tbody tr:nth-child(2)" },
    { name: "tasks", hash: "#/tasks?queue=images&state=dead", shows: "tbody tr:nth-child(13)" },
    { name: "task-dead", hash: `#/tasks/images/${ids.dead}`, shows: ".steps .chip[data-tone=bad]" },
    {
      name: "task-completed",
      hash: `#/tasks/images/${ids.completed}`,
      shows: ".steps .chip[data-tone=good]",
    },
    { name: "task-running", hash: `#/tasks/images/${ids.running}`, shows: "text=Lease" },
    { name: "workers", hash: "#/workers", shows: ".worker:nth-child(3) .sparkline" },
    { name: "dead-letters", hash: "#/dead", shows: ".group:nth-child(2)" },
    { name: "alerts", hash: "#/alerts", shows: "table tbody tr" },
    { name: "doctor", hash: "#/doctor", shows: ".finding" },
  ];
}

/** Waits until an expression is true in the page. Playwright's own way needs `eval`, which the page's policy forbids. */
export async function until(page: Page, expression: string): Promise<void> {
  await eventually(expression, async () => (await page.evaluate(`Boolean(${expression})`)) === true, {
    everyMs: 50,
  });
}
