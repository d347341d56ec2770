import { Redis } from "ioredis";

/** Reads what a Redis server says of itself; the bench's own connection, apart from those it measures. */
export class RedisProbe {
  readonly #client: Redis;

  constructor(url: string) {
    this.#client = new Redis(url);
  }

  async flush(): Promise<void> {
    await this.#client.flushall("SYNC");
  }

  /** Seconds of processor time that the server has used. */
  async cpuSeconds(): Promise<number> {
    const text = await this.#client.info("cpu");
    return field(text, "used_cpu_sys") + field(text, "used_cpu_user");
  }

  async usedBytes(): Promise<number> {
    return field(await this.#client.info("memory"), "used_memory");
  }

  async version(): Promise<string> {
    return /redis_version:(\S+)/.exec(await this.#client.info("server"))?.[1] ?? "unknown";
  }

  /** Commands per second that clients send during `ms` milliseconds; what scripts call inside is not counted. */
  async commandsPerSecond(ms: number): Promise<number> {
    const monitor = await this.#client.monitor();
    let commands = 0;
    monitor.on("monitor", (_time: string, _args: string[], source: string) => {
      if (source !== "lua") commands += 1;
    });
    await new Promise((resolve) => setTimeout(resolve, ms));
    monitor.disconnect();
    return commands / (ms / 1000);
  }

  close(): void {
    this.#client.disconnect();
  }
}

function field(info: string, name: string): number {
  const value = new RegExp(`^${name}:([0-9.]+)`, "m").exec(info)?.[1];
  if (value === undefined) throw new Error(`INFO has no ${name}.`);
  return Number(value);
}
