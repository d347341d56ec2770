import { connect, createServer, type Server, type Socket } from "node:net";
import { FaultyLink } from "./faulty-link.ts";
import { type SeededRandom, seededRandom } from "./seeded-random.ts";

/** What the proxy does to what passes through it. All may be combined and changed at any time. */
export interface Faults {
  /** Milliseconds each chunk is held back, in both directions; order is kept. */
  readonly latencyMs?: number;
  /** Up to this many milliseconds more, at random. */
  readonly jitterMs?: number;
  /** Cuts what passes into pieces of at most this many bytes, each its own packet. */
  readonly sliceBytes?: number;
  /** Resets a connection once this many more bytes have passed on it, both directions together. */
  readonly resetAfterBytes?: number;
  /** Passes this many more bytes of a connection, then silently drops the rest; healed, the connection is reset. */
  readonly dropAfterBytes?: number;
  /** Probability that an answer is thrown away and the connection reset: the server has executed, the client cannot know. */
  readonly loseReply?: number;
  /** Nothing passes, connections stay open, new ones are accepted: a dead network. Healed, it resets the connections that lost bytes. */
  readonly blackhole?: boolean;
  /** Nothing passes, but nothing is lost either: healed, all arrives late, as TCP has it after a short partition. */
  readonly pause?: boolean;
  /** New connections are reset. */
  readonly refuse?: boolean;
}

export interface FaultProxyOptions {
  /** Port on loopback that the proxy stands before. */
  readonly targetPort: number;
  /** @default a free one */
  readonly port?: number;
  /** Chooses jitter and lost replies. @default seed 1 */
  readonly random?: SeededRandom;
}

/** A TCP proxy on loopback that misbehaves on command. */
export interface FaultProxy {
  readonly port: number;
  /** The proxied server as a Redis address. */
  readonly url: string;
  /** Connections open now. */
  readonly connections: number;
  /** Connections accepted since the start. */
  readonly accepted: number;
  /** Replies thrown away so far. */
  readonly lostReplies: number;
  /** Replaces the faults; `{}` heals. */
  set(faults: Faults): void;
  /** Resets every open connection. Returns how many. */
  killAll(): number;
  /** Leaves every open connection as it is but passes nothing on it any more, as a firewall that forgot it. New ones work. Returns how many. */
  strandAll(): number;
  stop(): Promise<void>;
}

/** Starts a proxy without faults before `targetPort`. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const random = options.random ?? seededRandom(1);
  const links = new Set<FaultyLink>();
  let faults: Faults = {};
  let accepted = 0;
  let lostReplies = 0;

  const accept = (client: Socket): void => {
    client.on("error", () => {});
    if (faults.refuse === true) {
      client.resetAndDestroy();
      return;
    }
    accepted += 1;
    const upstream = connect({ host: "127.0.0.1", port: options.targetPort, noDelay: true });
    const link = new FaultyLink({
      client,
      upstream,
      random,
      faults: () => faults,
      onLostReply: () => {
        lostReplies += 1;
      },
      onEnd: () => links.delete(link),
    });
    links.add(link);
  };
  const server = createServer({ noDelay: true }, accept);
  await listen(server, options.port ?? 0);

  const port = portOf(server);
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get connections() {
      return links.size;
    },
    get accepted() {
      return accepted;
    },
    get lostReplies() {
      return lostReplies;
    },
    set: (next) => {
      faults = next;
      for (const link of links) link.faultsChanged();
    },
    killAll: () => {
      const open = [...links];
      for (const link of open) link.reset();
      return open.length;
    },
    strandAll: () => {
      const open = [...links];
      for (const link of open) link.strand();
      return open.length;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const link of links) link.reset();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The proxy is not listening.");
  return address.port;
}
