import { defineConfig, mergeConfig } from "vitest/config";
import base from "../vitest.config.ts";

/** The whole matrix of faults, one file after another: the long ones included. Replay a failure with IMGQ_SEED. */
export default mergeConfig(
  base,
  defineConfig({
    test: {
      env: { IMGQ_FAULTS: "all" },
      testTimeout: 400_000,
    },
  }),
  false,
);
