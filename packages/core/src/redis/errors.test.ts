import { describe, expect, it } from "vitest";
import {
  classifyRedisError,
  RedisFullError,
  RedisRefusedError,
  RedisTimeoutError,
  typedRedisError,
} from "./errors.ts";

class ReplyError extends Error {
  override readonly name = "ReplyError";
}
const inScriptOf62 = (reply: string): Error =>
  new ReplyError(`ERR Error running script (call to f_0f3): @user_script:4: @user_script: 4: -${reply}`);

describe("what an error of Redis means", () => {
  it.each([
    ["READONLY You can't write against a read only replica.", "retry"],
    ["LOADING Redis is loading the dataset in memory", "retry"],
    ["CLUSTERDOWN The cluster is down", "retry"],
    ["OOM command not allowed when used memory > 'maxmemory'.", "back-pressure"],
    [
      "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
      "back-pressure",
    ],
    ["NOREPLICAS Not enough good replicas to write.", "back-pressure"],
    ["WRONGPASS invalid username-password pair or user is disabled.", "fatal"],
    ["ERR unknown command 'FOO'", "fatal"],
    ["ERR the word READONLY inside a message means nothing", "fatal"],
  ])("classifies the reply %j as %s", (message, meaning) => {
    expect(classifyRedisError(new ReplyError(message))).toBe(meaning);
  });

  it("reads the reply that Redis 6.2 wraps when a command inside a script fails", () => {
    expect(classifyRedisError(inScriptOf62("READONLY You can't write against a read only replica."))).toBe(
      "retry",
    );
    expect(classifyRedisError(inScriptOf62("OOM command not allowed."))).toBe("back-pressure");
    expect(classifyRedisError(inScriptOf62("WRONGTYPE Operation against a key"))).toBe("fatal");
  });

  it("retries lost connections, also when all addresses of a name failed", () => {
    const all = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
    expect(classifyRedisError(all)).toBe("retry");
    expect(classifyRedisError(new Error("Connection is closed."))).toBe("retry");
    expect(classifyRedisError(new Error("Command aborted due to connection close"))).toBe("retry");
  });

  it("gives replies their imgq error and leaves bugs as they are", () => {
    const bug = new TypeError("undefined is not a function");
    expect(typedRedisError("add", bug)).toBe(bug);
    expect(typedRedisError("add", new ReplyError("NOPERM no"))).toBeInstanceOf(RedisRefusedError);
    const full = typedRedisError("add", new ReplyError("OOM command not allowed"));
    expect(full).toBeInstanceOf(RedisFullError);
    expect(full).toMatchObject({
      code: "IMGQ_REDIS_FULL",
      message: expect.stringContaining("Raise maxmemory"),
    });
  });

  it("says in a timeout what kept Redis from answering", () => {
    expect(
      new RedisTimeoutError("claim", 5000, new Error("connect ECONNREFUSED 127.0.0.1:6379")).message,
    ).toBe(
      "Redis gave no answer to claim within 5000 ms (connect ECONNREFUSED 127.0.0.1:6379). " +
        "Check that it is running and reachable; the call may be repeated safely.",
    );
  });
});
