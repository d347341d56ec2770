import type { Options } from "tsup";

/** What every package builds to: ESM for Node 20.19, types beside it, Lua scripts embedded as text. */
export const base = {
  entry: ["src/index.ts"],
  format: "esm",
  target: "node20",
  platform: "node",
  dts: true,
  clean: true,
  sourcemap: true,
  treeshake: true,
  loader: { ".lua": "text" },
} satisfies Options;
