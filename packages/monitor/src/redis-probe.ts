import { RedisConnection, RedisRefusedError, type RedisSource } from "@imgq/core/redis";
import type { Logger } from "@imgq/core";
import type { RedisUp } from "./snapshot.ts";

/** Looks at a Redis server on a connection of its own, so that a busy queue does not colour the round trip. */
export class RedisProbe {
  readonly #connection: RedisConnection;

  constructor(source: RedisSource, deadlineMs: number, log: Logger) {
    this.#connection = new RedisConnection({ source, name: "monitor", deadlineMs, log });
  }

  /** Rejects when Redis does not answer within the deadline. */
  async look(): Promise<RedisUp> {
    // The first call may have to connect; a warm connection makes the second one a round trip and nothing else.
    await this.#connection.call("PING", (client) => client.ping());
    const sentAt = performance.now();
    await this.#connection.call("PING", (client) => client.ping());
    const roundTripMs = performance.now() - sentAt;
    return { reachable: true, roundTripMs, ...parseInfo(await this.#info()) };
  }

  /** A user without the right to ask INFO can still be told that Redis answers. */
  async #info(): Promise<string> {
    try {
      return await this.#connection.call("INFO", (client) => client.info("all"));
    } catch (error) {
      if (error instanceof RedisRefusedError) return "";
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

/** Reads the reply of INFO; what an old or restricted server leaves out is 0 or empty. */
export function parseInfo(text: string): Omit<RedisUp, "reachable" | "roundTripMs"> {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon > 0 && !line.startsWith("#")) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  const field = (name: string): string => fields.get(name) ?? "";
  const number = (name: string): number => Number(fields.get(name) ?? 0) || 0;
  return {
    server: fields.has("valkey_version") ? "valkey" : "redis",
    version: fields.get("valkey_version") ?? field("redis_version"),
    role: field("role"),
    uptimeMs: number("uptime_in_seconds") * 1000,
    connectedClients: number("connected_clients"),
    usedMemoryBytes: number("used_memory"),
    maxMemoryBytes: number("maxmemory"),
    policy: field("maxmemory_policy"),
    appendOnly: field("aof_enabled") === "1",
    persistenceOk:
      (fields.get("rdb_last_bgsave_status") ?? "ok") === "ok" &&
      (fields.get("aof_last_write_status") ?? "ok") === "ok",
    scripts: scriptTotals(fields),
  };
}

function scriptTotals(fields: ReadonlyMap<string, string>): RedisUp["scripts"] {
  let calls = 0;
  let totalMs = 0;
  for (const command of ["evalsha", "eval", "fcall"]) {
    const stat = fields.get(`cmdstat_${command}`) ?? "";
    calls += Number(/\bcalls=(\d+)/.exec(stat)?.[1] ?? 0);
    totalMs += Number(/\busec=(\d+)/.exec(stat)?.[1] ?? 0) / 1000;
  }
  return {
    calls,
    totalMs,
    percentiles: scriptPercentiles(fields.get("latency_percentiles_usec_evalsha") ?? ""),
  };
}

/** Reads `p50=12.1,p99=40.2,p99.9=88`; which ones there are is a setting of the server. */
function scriptPercentiles(text: string): RedisUp["scripts"]["percentiles"] {
  return [...text.matchAll(/\bp(\d+(?:\.\d+)?)=(\d+(?:\.\d+)?)/g)].map(([, percent, usec]) => ({
    quantile: Number((Number(percent) / 100).toFixed(5)),
    ms: Number(usec) / 1000,
  }));
}
