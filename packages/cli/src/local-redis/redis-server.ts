import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ImgqError } from "@imgq/core";
import { findRedisBinary, type RedisBinary } from "./redis-binary.ts";

export interface RedisServerOptions {
  /** @default a free one */
  readonly port?: number;
  /** Where it keeps its data. @default a temporary folder, removed by `stop` */
  readonly directory?: string;
  /** More redis-server arguments, such as `["--appendonly", "yes"]`. */
  readonly args?: readonly string[];
  /** @default what {@link findRedisBinary} finds */
  readonly binary?: RedisBinary;
}

/** A redis-server of this program's own, on loopback, in the foreground of nobody. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly directory: string;
  readonly process: ChildProcess;
  /** Ends it (SIGTERM unless told otherwise) and removes a temporary folder. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a redis-server and resolves once it answers. Code `IMGQ_NO_REDIS` when there is none to start. */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const binary = options.binary ?? (await findRedisBinary());
  if (binary === undefined) {
    throw new ImgqError(
      "IMGQ_NO_REDIS",
      "No redis-server or valkey-server was found on PATH, and none could be fetched with apt. Install one, or set REDIS_URL.",
    );
  }
  const port = options.port ?? (await freePort());
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "imgq-redis-")));
  const args = [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--dir",
    directory,
    "--save",
    "",
    "--daemonize",
    "no",
  ];
  const server = spawn(binary.path, [...args, ...(options.args ?? [])], {
    env: { ...process.env, ...binary.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = collect(server);
  const exited = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  await untilAnswering(server, port, output);
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    directory,
    process: server,
    stop: async (signal = "SIGTERM") => {
      server.kill(signal);
      await exited;
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

function collect(server: ChildProcess): () => string {
  let text = "";
  const keep = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-4000);
  };
  server.stdout?.on("data", keep);
  server.stderr?.on("data", keep);
  return () => text;
}

async function untilAnswering(server: ChildProcess, port: number, output: () => string): Promise<void> {
  let failure: Error | undefined;
  server.once("error", (error) => {
    failure = error;
  });
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 20) {
    if (failure !== undefined || server.exitCode !== null) break;
    if (await answersPing(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  server.kill("SIGKILL");
  throw new ImgqError(
    "IMGQ_NO_REDIS",
    `redis-server did not start on port ${port}: ${failure?.message ?? output().trim().split("\n").at(-1) ?? "no output"}. Free the port or set REDIS_URL.`,
  );
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    const finish = (answers: boolean): void => {
      socket.destroy();
      resolve(answers);
    };
    socket.once("data", (reply) => finish(reply.toString().startsWith("+PONG")));
    socket.once("error", () => finish(false));
    socket.setTimeout(500, () => finish(false));
  });
}
