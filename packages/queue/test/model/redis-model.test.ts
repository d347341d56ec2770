import { deepStrictEqual } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { redisForTests } from "@imgq/testing";
import fc from "fast-check";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, test } from "vitest";
import { createQueue } from "../../src/index.ts";
import { type Command, commandSequences } from "./command.ts";
import { dumpKeys, type KeyDump } from "./key-dump.ts";
import { modelParameters, modelTimeoutMs } from "./model-parameters.ts";
import { ModelRun, modelOptions } from "./model-run.ts";
import { checkKeys } from "./redis-invariants.ts";
import { type ScriptCall, ScriptRecorder } from "./script-recorder.ts";

describe("the Redis broker, the memory broker and the rules", () => {
  const server = redisForTests();
  let redis: Redis;
  let recorder: ScriptRecorder;
  beforeAll(() => {
    redis = new Redis(server.url);
    recorder = new ScriptRecorder();
  });
  afterAll(() => {
    recorder.stop();
    redis.disconnect();
  });

  test("agree, whatever is asked of them in whatever order", { timeout: modelTimeoutMs }, async () => {
    await fc.assert(
      fc.asyncProperty(commandSequences(60), (commands) => runAll(commands)),
      modelParameters(60),
    );
  });

  async function runAll(commands: readonly Command[]): Promise<void> {
    const name = `model-${randomUUID().slice(0, 8)}`;
    const base = `imgq:{${name}}:`;
    const run = new ModelRun((now) => [
      createQueue({ name, now, redis: server.url, ...modelOptions }),
      createQueue({ name, now, ...modelOptions }),
    ]);
    let last: readonly ScriptCall[] = [];
    try {
      for (const command of commands) {
        if (command.do === "scriptFlush") await redis.script("FLUSH");
        else if (command.do === "replay") await replay(last.at(-1), base);
        else last = await recorder.during(() => run.run(command));
        await run.compare();
        checkKeys(await dumpKeys(redis, `${base}*`), base);
      }
      await run.clear();
      deepStrictEqual([...(await dumpKeys(redis, `${base}*`)).keys()], [], "keys are left after clear");
    } finally {
      await run.close();
    }
  }

  /** Sends a script call once more, as when its reply was lost: nothing may change. */
  async function replay(call: ScriptCall | undefined, base: string): Promise<void> {
    if (call === undefined) return;
    const before = await dumpKeys(redis, `${base}*`);
    try {
      await redis.call(call.command, ...call.args);
    } catch (error) {
      // After a flush only the text that followed it is known; the client would send that.
      if (String(error).includes("NOSCRIPT")) return;
      throw error;
    }
    const after = await dumpKeys(redis, `${base}*`);
    deepStrictEqual(withoutRefusals(after, base), withoutRefusals(before, base), "a replay changed keys");
  }
});

/** A refused settle is counted each time it is refused. */
function withoutRefusals(dump: KeyDump, base: string): unknown {
  return [...dump].map(([key, dumped]) => {
    if (key !== `${base}counters`) return [key, dumped];
    const { leaseLost: _leaseLost, ...fields } = dumped.fields;
    return [key, { ...dumped, fields }];
  });
}
