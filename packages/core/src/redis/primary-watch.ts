import { Redis, type RedisOptions } from "ioredis";
import { isInstance, reconnectDelayMs, type RedisSource } from "./source.ts";

export interface PrimaryAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Hears from the sentinels which server is the primary. A primary that was replaced goes on taking writes until the
 * sentinels turn it into a replica, some ten seconds later, and then forgets them all; nothing on the connection tells.
 */
export class PrimaryWatch {
  readonly #options: RedisOptions;
  readonly #sentinels: readonly Redis[];
  readonly #onPrimary: (address: PrimaryAddress) => void;

  private constructor(options: RedisOptions, name: string, onPrimary: (address: PrimaryAddress) => void) {
    this.#options = options;
    this.#onPrimary = onPrimary;
    this.#sentinels = (options.sentinels ?? []).map((address) => this.#follow(address, name));
  }

  /** Undefined for a source that no sentinel watches over. `onPrimary` is called at each word of each sentinel. */
  static of(
    source: RedisSource,
    name: string,
    onPrimary: (address: PrimaryAddress) => void,
  ): PrimaryWatch | undefined {
    const options = optionsOf(source);
    if (options?.sentinels === undefined || options.sentinels.length === 0) return undefined;
    return new PrimaryWatch(options, name, onPrimary);
  }

  close(): void {
    for (const sentinel of this.#sentinels) sentinel.disconnect();
  }

  #follow(address: { host?: string; port?: number }, name: string): Redis {
    const { sentinelUsername, sentinelPassword, sentinelTLS, family } = this.#options;
    const client = new Redis({
      host: address.host ?? "127.0.0.1",
      port: address.port ?? 26_379,
      ...(family === undefined ? {} : { family }),
      ...(sentinelUsername === undefined ? {} : { username: sentinelUsername }),
      ...(sentinelPassword === undefined ? {} : { password: sentinelPassword }),
      ...(sentinelTLS === undefined ? {} : { tls: sentinelTLS }),
      connectionName: name,
      connectTimeout: 3000,
      enableReadyCheck: false,
      autoResubscribe: false,
      maxRetriesPerRequest: null,
      replyMapping: "legacy",
      // A sentinel that freezes keeps its connection open and says nothing; the other ones speak.
      retryStrategy: reconnectDelayMs,
    });
    // The calls say what is wrong with Redis; a sentinel that is away is passed over.
    client.on("error", () => {});
    client.on("message", (_channel: string, message: string) => {
      const [group, , , host, port] = message.split(" ");
      if (group === this.#options.name) this.#tell(host, port);
    });
    client.on("ready", () => void this.#subscribe(client));
    return client;
  }

  /** Asks as well, because a switch may have been told while nobody listened. */
  async #subscribe(client: Redis): Promise<void> {
    try {
      const reply: unknown = await client.call(
        "SENTINEL",
        "GET-MASTER-ADDR-BY-NAME",
        this.#options.name ?? "",
      );
      await client.subscribe("+switch-master");
      if (Array.isArray(reply)) this.#tell(String(reply[0]), String(reply[1]));
    } catch {
      // The connection was lost again, or is no sentinel's; ready comes once more.
    }
  }

  #tell(host: string | undefined, port: string | undefined): void {
    if (host === undefined || !Number.isInteger(Number(port))) return;
    const known = this.#options.natMap;
    const named = typeof known === "function" ? known(`${host}:${port}`) : known?.[`${host}:${port}`];
    this.#onPrimary(named ?? { host, port: Number(port) });
  }
}

function optionsOf(source: RedisSource): RedisOptions | undefined {
  if (typeof source === "string") return undefined;
  if (!isInstance(source)) return source;
  return source.isCluster ? undefined : (source as Redis).options;
}
