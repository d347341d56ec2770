import { Cluster, Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { openSource, portableSource } from "./portable.ts";
import type { RedisSource } from "./source.ts";

function acrossThreads(source: RedisSource): RedisSource {
  return openSource(structuredClone(portableSource(source)));
}

describe("a portable Redis source", () => {
  it("keeps a URL", () => {
    expect(acrossThreads("redis://localhost:6379/3")).toBe("redis://localhost:6379/3");
  });

  it("keeps the place, the credentials and the database of an ioredis instance", () => {
    const instance = new Redis("redis://user:word@127.0.0.1:6390/2", { lazyConnect: true });
    expect(acrossThreads(instance)).toMatchObject({
      host: "127.0.0.1",
      port: 6390,
      db: 2,
      username: "user",
      password: "word",
    });
  });

  it("keeps the start nodes and the node options of a cluster", () => {
    const cluster = new Cluster([{ host: "127.0.0.1", port: 7001 }], {
      lazyConnect: true,
      redisOptions: { password: "word" },
    });
    const copy = acrossThreads(cluster);
    expect(copy).toBeInstanceOf(Cluster);
    expect(Reflect.get(copy as Cluster, "startupNodes")).toEqual([{ host: "127.0.0.1", port: 7001 }]);
    expect((copy as Cluster).options.redisOptions).toMatchObject({ password: "word" });
  });

  it("says so when a source needs a function to connect", () => {
    class Connector {}
    expect(() => portableSource({ Connector: Connector as never })).toThrow(/Connector is a function/);
  });
});
