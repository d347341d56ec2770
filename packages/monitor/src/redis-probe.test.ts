import { describe, expect, it } from "vitest";
import { parseInfo } from "./redis-probe.ts";

describe("the reply of INFO", () => {
  it("is read whatever the order and the line ends", () => {
    const text = [
      "# Server",
      "redis_version:7.0.15",
      "uptime_in_seconds:90",
      "# Memory",
      "used_memory:1048576",
      "maxmemory:0",
      "maxmemory_policy:allkeys-lru",
      "aof_enabled:1",
      "rdb_last_bgsave_status:err",
      "aof_last_write_status:ok",
      "role:master",
      "connected_clients:3",
      "cmdstat_evalsha:calls=10,usec=2500,usec_per_call=250.00,rejected_calls=0,failed_calls=0",
      "cmdstat_eval:calls=1,usec=500,usec_per_call=500.00",
      "latency_percentiles_usec_evalsha:p50=12,p99.9=400",
    ].join("\r\n");
    expect(parseInfo(text)).toEqual({
      server: "redis",
      version: "7.0.15",
      role: "master",
      uptimeMs: 90_000,
      connectedClients: 3,
      usedMemoryBytes: 1_048_576,
      maxMemoryBytes: 0,
      policy: "allkeys-lru",
      appendOnly: true,
      persistenceOk: false,
      scripts: {
        calls: 11,
        totalMs: 3,
        percentiles: [
          { quantile: 0.5, ms: 0.012 },
          { quantile: 0.999, ms: 0.4 },
        ],
      },
    });
  });

  it("may come from Valkey, which also names a Redis version", () => {
    expect(parseInfo("redis_version:7.2.4\nserver_name:valkey\nvalkey_version:8.1.0\n")).toMatchObject({
      server: "valkey",
      version: "8.1.0",
    });
  });

  it("may be empty", () => {
    expect(parseInfo("")).toMatchObject({
      version: "",
      policy: "",
      persistenceOk: true,
      scripts: { calls: 0, percentiles: [] },
    });
  });
});
