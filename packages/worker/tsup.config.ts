import { defineConfig } from "tsup";
import { base } from "../../tsup.base.ts";

// The beat thread is a program of its own: a file that nobody imports.
export default defineConfig({
  ...base,
  entry: { index: "src/index.ts", "beat-thread": "src/beat/beat-thread.ts" },
});
