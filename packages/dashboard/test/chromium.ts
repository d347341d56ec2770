import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";

const candidates = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];
const executablePath = candidates.find((path) => path !== undefined && existsSync(path));

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** `describe` for tests in a real browser: skipped aloud where there is none, but not where tests must not be skipped. */
export const describeInChromium: typeof describe | typeof describe.skip = pick();

function pick(): typeof describe | typeof describe.skip {
  if (executablePath !== undefined || process.env.CI === "true") return describe;
  console.warn(
    "SKIPPED: tests in a browser. Install one (apt-get install -y chromium) or set CHROMIUM_PATH.",
  );
  return describe.skip;
}

/** A browser of this file's tests, with a profile of its own. Read it inside tests only. */
export function chromiumForTests(): { readonly browser: BrowserContext } {
  let profile: string | undefined;
  let browser: BrowserContext | undefined;
  beforeAll(async () => {
    if (executablePath === undefined) {
      throw new Error(
        "No Chromium was found. Install one (apt-get install -y chromium) or set CHROMIUM_PATH.",
      );
    }
    profile = await mkdtemp(join(tmpdir(), "imgq-chromium-"));
    browser = await chromium.launchPersistentContext(profile, {
      executablePath,
      args: flags,
      headless: true,
    });
  });
  afterAll(async () => {
    await browser?.close();
    if (profile !== undefined) await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  return {
    get browser() {
      if (browser === undefined) throw new Error("The browser runs only inside tests.");
      return browser;
    },
  };
}
