import { redisForTests } from "@imgq/testing";
import { describe, expect, it } from "vitest";
import { runImgq } from "./run-imgq.ts";

const nowhere = "redis://127.0.0.1:1";

describe("the command line", () => {
  it("explains itself, with examples, when it is called without anything", async () => {
    const { code, stdout } = await runImgq([]);
    expect(code).toBe(0);
    expect(stdout).toContain("Usage: imgq");
    expect(stdout).toContain("$ imgq ");
  });

  it("answers a misspelt command with exit code 2, the right spelling, and no stack", async () => {
    const { code, stdout, stderr } = await runImgq(["docotr"]);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toBe("imgq: Unknown command 'docotr'. (Did you mean doctor?) Add --help for examples.\n");
  });

  it("tells a program the same as JSON on standard output", async () => {
    const { code, stdout } = await runImgq(["doctor", "--colour", "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: "IMGQ_USAGE",
        message: "Unknown option '--colour'. Add --help for examples.",
        exitCode: 2,
      },
    });
  });

  it("colours nothing in a pipe, unless FORCE_COLOR asks for it, and never against NO_COLOR", async () => {
    const escape = "\u001b[";
    expect((await runImgq(["doctor", "--no-redis"])).stdout).not.toContain(escape);
    expect((await runImgq(["doctor", "--no-redis"], { env: { FORCE_COLOR: "1" } })).stdout).toContain(escape);
    const both = await runImgq(["doctor", "--no-redis"], { env: { FORCE_COLOR: "1", NO_COLOR: "1" } });
    expect(both.stdout).not.toContain(escape);
    const flag = await runImgq(["doctor", "--no-redis", "--no-color"], { env: { FORCE_COLOR: "1" } });
    expect(flag.stdout).not.toContain(escape);
  });
});

describe("imgq doctor", () => {
  const redis = redisForTests();

  it("finds this machine and a fresh Redis usable", async () => {
    const { code, stdout } = await runImgq(["doctor", "--json", "--redis", redis.url]);
    const { findings } = JSON.parse(stdout);
    const levels = Object.fromEntries(
      findings.map((one: { check: string; level: string }) => [one.check, one.level]),
    );
    expect(levels).toMatchObject({ node: "ok", sharp: "ok", "redis-clock": "ok", "redis-acl": "ok" });
    expect(code).toBe(0);
  });

  it("says what a restricted Redis user lacks, and how to give it", async () => {
    const { Redis } = await import("ioredis");
    const admin = new Redis(redis.url);
    await admin.acl("SETUSER", "narrow", "on", ">secret", "~other:*", "+@all");
    await admin.quit();
    const url = redis.url.replace("redis://", "redis://narrow:secret@");
    const { code, stdout } = await runImgq(["doctor", "--redis", url]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/redis-acl +User narrow may not do what imgq needs/);
    expect(stdout).toContain("→ Run ACL SETUSER narrow ~imgq:*");
  });

  it("ends with 3 when Redis is not there, and hides the password", async () => {
    const { code, stdout } = await runImgq(["doctor", "--redis", "redis://user:secret@127.0.0.1:1"]);
    expect(code).toBe(3);
    expect(stdout).toContain("ECONNREFUSED");
    expect(stdout).not.toContain("secret");
  });

  it("ends with 3 when the password is wrong", async () => {
    const url = redis.url.replace("redis://", "redis://nobody:wrong@");
    const { code, stdout } = await runImgq(["doctor", "--redis", url]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/WRONGPASS|NOAUTH/);
  });

  it("takes REDIS_URL, and lets --redis win", async () => {
    const env = { REDIS_URL: nowhere };
    expect((await runImgq(["doctor"], { env })).code).toBe(3);
    expect((await runImgq(["doctor", "--redis", redis.url], { env })).code).toBe(0);
    expect((await runImgq(["--redis", redis.url, "doctor"], { env })).code).toBe(0);
  });
});
