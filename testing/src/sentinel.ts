import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  findRedisBinary,
  freePort,
  type RedisBinary,
  type RedisServer,
  startRedisServer,
} from "@imgq/cli/local-redis";
import { Redis, type SentinelAddress } from "ioredis";
import { afterAll, beforeAll } from "vitest";
import { eventually } from "./eventually.ts";

/** The name under which the sentinels know the primary. */
const primaryName = "imgq";

export interface SentinelOptions {
  /** @default 1 */
  readonly replicas?: number;
  /** @default 3 */
  readonly sentinels?: number;
  /** Milliseconds without an answer until the primary counts as down. @default 1000 */
  readonly downAfterMs?: number;
}

/** A primary, its replicas and the sentinels that watch over them, all on loopback. */
export interface SentinelGroup {
  /** What to give imgq (or ioredis) as its Redis. */
  readonly source: { readonly sentinels: SentinelAddress[]; readonly name: string };
  /** Every redis-server, by port. The primary at the start is the first. */
  readonly servers: readonly RedisServer[];
  readonly sentinels: readonly SentinelProcess[];
  /** The server that the sentinels call primary now. */
  primary(): Promise<RedisServer>;
  /** Asks the sentinels to hand over to a replica now, and resolves when they say it has happened. */
  failover(): Promise<void>;
  /** Resolves when the sentinels name another primary than `before`. */
  primaryOtherThan(before: RedisServer, timeoutMs?: number): Promise<RedisServer>;
  stop(): Promise<void>;
}

/** Starts the group and resolves once the sentinels know of each other and of all replicas. */
export async function startSentinel(options: SentinelOptions = {}): Promise<SentinelGroup> {
  const { replicas = 1, sentinels: count = 3, downAfterMs = 1000 } = options;
  const binary = await findRedisBinary();
  if (binary === undefined) throw new Error("No redis-server was found or could be fetched.");
  const servers: RedisServer[] = [];
  const sentinels: SentinelProcess[] = [];
  const admins: Redis[] = [];
  const stop = async (): Promise<void> => {
    for (const admin of admins) admin.disconnect();
    await Promise.all(sentinels.map((sentinel) => sentinel.stop()));
    await Promise.all(servers.map((server) => server.stop("SIGKILL")));
  };
  try {
    const first = await startServer();
    servers.push(first);
    for (let index = 0; index < replicas; index += 1) servers.push(await startServer(first.port));
    const quorum = Math.floor(count / 2) + 1;
    for (let index = 0; index < count; index += 1) {
      sentinels.push(await startSentinelProcess(binary, first.port, quorum, downAfterMs));
    }
    for (const { port } of sentinels) {
      const admin = new Redis(port, "127.0.0.1", { enableReadyCheck: false });
      admin.on("error", () => {}); // refused until the sentinel listens
      admins.push(admin);
    }
    await eventually("the sentinels know the group", () => everySentinelKnows(admins, replicas), {
      timeoutMs: 30_000,
      everyMs: 100,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  const primary = async (): Promise<RedisServer> => {
    const port = await primaryPort(admins);
    const server = servers.find((candidate) => candidate.port === port);
    if (server === undefined) throw new Error(`The sentinels name a primary nobody started: ${port}.`);
    return server;
  };
  const primaryOtherThan = (before: RedisServer, timeoutMs = 30_000): Promise<RedisServer> =>
    eventually(
      "the sentinels name another primary",
      async () => {
        const now = await primary();
        return now.port !== before.port && now;
      },
      { timeoutMs, everyMs: 50 },
    );
  return {
    source: {
      sentinels: sentinels.map(({ port }) => ({ host: "127.0.0.1", port })),
      name: primaryName,
    },
    servers,
    sentinels,
    primary,
    primaryOtherThan,
    failover: async () => {
      const before = await primary();
      await eventually("the sentinels take the order", () => orderFailover(admins[0]), { timeoutMs: 30_000 });
      await primaryOtherThan(before);
    },
    stop,
  };
}

/** A sentinel group for the tests of one file. Read it inside tests only. */
export function sentinelForTests(options: SentinelOptions = {}): { readonly group: SentinelGroup } {
  let group: SentinelGroup | undefined;
  beforeAll(async () => {
    group = await startSentinel(options);
  });
  afterAll(async () => {
    await group?.stop();
  });
  return {
    get group() {
      if (group === undefined)
        throw new Error("The sentinels of this file run only inside its tests and hooks.");
      return group;
    },
  };
}

function startServer(primaryPort?: number): Promise<RedisServer> {
  const following = primaryPort === undefined ? [] : ["--replicaof", "127.0.0.1", String(primaryPort)];
  return startRedisServer({ args: ["--repl-diskless-sync-delay", "0", ...following] });
}

/** A sentinel that can be stopped in its tracks. */
export interface SentinelProcess {
  readonly port: number;
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

async function startSentinelProcess(
  binary: RedisBinary,
  primaryPort: number,
  quorum: number,
  downAfterMs: number,
): Promise<SentinelProcess> {
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), "imgq-sentinel-"));
  const config = join(directory, "sentinel.conf");
  // A sentinel rewrites its file as it learns, so that each needs its own.
  await writeFile(
    config,
    [
      `port ${port}`,
      "bind 127.0.0.1",
      `dir ${directory}`,
      `sentinel monitor ${primaryName} 127.0.0.1 ${primaryPort} ${quorum}`,
      `sentinel down-after-milliseconds ${primaryName} ${downAfterMs}`,
      `sentinel failover-timeout ${primaryName} 10000`,
      "",
    ].join("\n"),
  );
  const sentinel: ChildProcess = spawn(binary.path, [config, "--sentinel"], {
    env: { ...process.env, ...binary.env },
    stdio: "ignore",
  });
  const exited = new Promise<void>((resolve) => sentinel.once("exit", () => resolve()));
  return {
    port,
    freeze: () => {
      sentinel.kill("SIGSTOP");
    },
    thaw: () => {
      sentinel.kill("SIGCONT");
    },
    stop: async () => {
      sentinel.kill("SIGKILL");
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** False while the last failover is not over. */
async function orderFailover(sentinel: Redis | undefined): Promise<boolean> {
  try {
    await sentinel?.call("SENTINEL", "FAILOVER", primaryName);
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("INPROG")) return false;
    throw error;
  }
}

async function everySentinelKnows(admins: readonly Redis[], replicas: number): Promise<boolean> {
  for (const admin of admins) {
    const state = await admin.call("SENTINEL", "MASTER", primaryName);
    const fields = Array.isArray(state) ? state.map(String) : [];
    const field = (name: string): string => fields[fields.indexOf(name) + 1] ?? "";
    if (
      Number(field("num-slaves")) !== replicas ||
      Number(field("num-other-sentinels")) !== admins.length - 1
    ) {
      return false;
    }
    if (field("flags") !== "master") return false;
  }
  return true;
}

/** What most sentinels say. */
async function primaryPort(admins: readonly Redis[]): Promise<number> {
  const votes = new Map<number, number>();
  for (const admin of admins) {
    const address = await admin.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", primaryName);
    const port = Array.isArray(address) ? Number(address[1]) : 0;
    votes.set(port, (votes.get(port) ?? 0) + 1);
  }
  const [winner] = [...votes].sort((a, b) => b[1] - a[1]);
  return winner?.[0] ?? 0;
}
