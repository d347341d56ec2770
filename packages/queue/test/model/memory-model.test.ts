import fc from "fast-check";
import { describe, test } from "vitest";
import { createQueue } from "../../src/index.ts";
import { commandSequences } from "./command.ts";
import { ModelRun, modelOptions } from "./model-run.ts";
import { modelParameters, modelTimeoutMs } from "./model-parameters.ts";

describe("the memory broker", () => {
  test("does what the rules say, whatever is asked of it in whatever order", {
    timeout: modelTimeoutMs,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(commandSequences(60), async (commands) => {
        const run = new ModelRun((now) => [createQueue({ name: "model", now, ...modelOptions })]);
        for (const command of commands) {
          if (command.do === "scriptFlush" || command.do === "replay") continue;
          await run.run(command);
          await run.compare();
        }
      }),
      modelParameters(300),
    );
  });
});
