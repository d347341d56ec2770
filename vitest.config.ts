import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vitest/config";
import { pageModule } from "./packages/dashboard/bundle-page.ts";
import { FlakyReporter } from "./testing/src/flaky-reporter.ts";

const root = fileURLToPath(new URL("./", import.meta.url));

/** Loads Lua scripts as text, as the build does. */
const luaAsText: Plugin = {
  name: "lua-as-text",
  enforce: "pre",
  load(id) {
    if (!id.endsWith(".lua")) return undefined;
    return `export default ${JSON.stringify(readFileSync(id, "utf8"))};`;
  },
};

/** Embeds the dashboard's page, as the build does. */
const pageAsModule: Plugin = {
  name: "page-as-module",
  enforce: "pre",
  load: (id) => (id.endsWith("/page/index.html") ? pageModule() : undefined),
};

export default defineConfig({
  plugins: [luaAsText, pageAsModule],
  resolve: {
    // Tests read the sources; child processes and worker threads read dist, which `pnpm test` builds first.
    alias: [
      { find: "@imgq/core/redis", replacement: `${root}packages/core/src/redis/index.ts` },
      { find: "@imgq/filters/kernels", replacement: `${root}packages/filters/src/kernels/index.ts` },
      {
        find: "@imgq/monitor/opentelemetry",
        replacement: `${root}packages/monitor/src/opentelemetry/index.ts`,
      },
      { find: "@imgq/cli/local-redis", replacement: `${root}packages/cli/src/local-redis/index.ts` },
      { find: "@imgq/testing", replacement: `${root}testing/src/index.ts` },
      { find: /^@imgq\/([a-z]+)$/, replacement: `${root}packages/$1/src/index.ts` },
    ],
  },
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "packages/*/test/**/*.test.ts",
      "testing/**/*.test.ts",
      "docs/**/*.test.ts",
      "examples/*/test/**/*.test.ts",
    ],
    exclude: ["**/node_modules/**", "**/dist/**"],
    pool: "forks",
    maxWorkers: 2,
    // Real processes on a machine that others use as well: one second try, and the reporter tells what needed it.
    retry: process.env.CI === "true" ? 1 : 0,
    reporters: ["default", new FlakyReporter()],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
