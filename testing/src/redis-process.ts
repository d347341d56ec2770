import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRedisBinary, freePort, type RedisServer, startRedisServer } from "@imgq/cli/local-redis";

export interface RedisProcessOptions {
  /** More redis-server arguments, such as `["--appendonly", "yes"]`. */
  readonly args?: readonly string[];
  /** Environment variables, such as those of a {@link FakeClock}. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A redis-server that can be hurt: killed and started again on the same port and data, stopped and continued. */
export interface RedisProcess {
  readonly url: string;
  readonly port: number;
  readonly directory: string;
  readonly pid: number;
  /** SIGKILL: what was not written to disk is gone. Resolves when the process is. */
  kill(): Promise<void>;
  /** Starts it again with the data on disk, after `kill`; `args` come in addition for this time. Resolves once it answers PING. */
  restart(args?: readonly string[]): Promise<void>;
  /** SIGSTOP: connections stay open, nothing is answered. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** Starts a redis-server whose folder outlives its process. */
export async function startRedisProcess(options: RedisProcessOptions = {}): Promise<RedisProcess> {
  const directory = await mkdtemp(join(tmpdir(), "imgq-redis-process-"));
  const port = await freePort();
  const binary = await findRedisBinary();
  const start = (more: readonly string[] = []): Promise<RedisServer> =>
    startRedisServer({
      port,
      directory,
      args: [...(options.args ?? []), ...more],
      ...(binary === undefined ? {} : { binary: { ...binary, env: { ...binary.env, ...options.env } } }),
    });
  let server = await start();
  return {
    url: server.url,
    port,
    directory,
    get pid() {
      if (server.process.pid === undefined) throw new Error("The redis-server is not running.");
      return server.process.pid;
    },
    kill: () => server.stop("SIGKILL"),
    restart: async (args) => {
      server = await start(args);
    },
    freeze: () => {
      server.process.kill("SIGSTOP");
    },
    thaw: () => {
      server.process.kill("SIGCONT");
    },
    stop: async () => {
      if (server.process.exitCode === null && server.process.signalCode === null)
        await server.stop("SIGKILL");
      await rm(directory, { recursive: true, force: true });
    },
  };
}
