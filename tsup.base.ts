import type { Options } from "tsup";

/** What every package builds to: ESM for Node 20.19, Lua scripts embedded as text. The `types` task adds declarations. */
export const base = {
  entry: ["src/index.ts"],
  format: "esm",
  target: "node20",
  platform: "node",
  clean: true,
  sourcemap: true,
  treeshake: true,
  loader: { ".lua": "text" },
} satisfies Options;
