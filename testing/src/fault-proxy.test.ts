import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { seededRandom } from "./seeded-random.ts";

/** Answers each line with the same line in capitals, and remembers what it got. */
let server: Server;
let received: string;
let proxy: FaultProxy;
const clients: Socket[] = [];

beforeEach(async () => {
  received = "";
  server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      received += chunk.toString();
      socket.write(chunk.toString().toUpperCase());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  proxy = await startFaultProxy({
    targetPort: typeof address === "object" && address !== null ? address.port : 0,
    random: seededRandom(3),
  });
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.stop();
  await new Promise((resolve) => server.close(resolve));
});

interface Client {
  readonly socket: Socket;
  readonly chunks: string[];
  readonly closed: Promise<string>;
  say(text: string): void;
  heard(text: string): Promise<void>;
}

async function dial(): Promise<Client> {
  const socket = connect({ port: proxy.port, host: "127.0.0.1", noDelay: true });
  clients.push(socket);
  const chunks: string[] = [];
  const closed = new Promise<string>((resolve) => {
    socket.once("error", (error) => resolve("code" in error ? String(error.code) : error.message));
    socket.once("close", () => resolve("closed"));
  });
  socket.on("data", (chunk) => chunks.push(chunk.toString()));
  await new Promise<void>((resolve) => {
    socket.once("connect", () => resolve());
    socket.once("close", () => resolve());
  });
  return {
    socket,
    chunks,
    closed,
    say: (text) => socket.write(text),
    heard: async (text) => {
      while (chunks.join("") !== text) await new Promise((resolve) => socket.once("data", resolve));
    },
  };
}

describe("the fault proxy", () => {
  it("passes everything on when it has no faults", async () => {
    const client = await dial();
    client.say("hello");
    await client.heard("HELLO");
    expect(proxy.connections).toBe(1);
    client.socket.end();
    expect(await client.closed).toBe("closed");
  });

  it("holds bytes back for its latency and keeps their order under jitter", async () => {
    const client = await dial();
    proxy.set({ latencyMs: 20, jitterMs: 30 });
    const startedAt = performance.now();
    for (const letter of "abcdefgh") {
      client.say(letter);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await client.heard("ABCDEFGH");
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(39);
  });

  it("cuts what passes into single bytes", async () => {
    const client = await dial();
    proxy.set({ sliceBytes: 1 });
    client.say("a longer sentence");
    await client.heard("A LONGER SENTENCE");
    expect(client.chunks.length).toBeGreaterThan(5);
  });

  it("resets a connection after a number of bytes", async () => {
    const client = await dial();
    proxy.set({ resetAfterBytes: 10 });
    client.say("12345");
    await client.heard("12345");
    client.say("6");
    expect(await client.closed).toBe("ECONNRESET");
  });

  it("drops what comes after a number of bytes", async () => {
    const client = await dial();
    proxy.set({ dropAfterBytes: 6 });
    client.say("abcd");
    await client.heard("AB");
    client.say("ef");
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(client.chunks.join("")).toBe("AB");
    proxy.set({});
    expect(await client.closed).toBe("ECONNRESET");
  });

  it("loses the reply of a request that the server has executed", async () => {
    const client = await dial();
    proxy.set({ loseReply: 1 });
    client.say("pay once");
    expect(await client.closed).toBe("ECONNRESET");
    expect(received).toBe("pay once");
    expect(proxy.lostReplies).toBe(1);
  });

  it("is a dead network as a black hole: nothing arrives and nobody is told", async () => {
    const client = await dial();
    proxy.set({ blackhole: true });
    client.say("into the void");
    const late = await dial();
    late.say("me too");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(received).toBe("");
    expect(client.socket.destroyed).toBe(false);
    proxy.set({});
    // What was swallowed is missing for good, so that these connections cannot go on.
    expect(await client.closed).toBe("ECONNRESET");
    expect(await late.closed).toBe("ECONNRESET");
  });

  it("strands open connections and lets new ones work", async () => {
    const client = await dial();
    client.say("a");
    await client.heard("A");
    expect(proxy.strandAll()).toBe(1);
    client.say("b");
    const fresh = await dial();
    fresh.say("c");
    await fresh.heard("C");
    expect(received).toBe("ac");
    expect(client.socket.destroyed).toBe(false);
  });

  it("loses nothing while paused", async () => {
    const client = await dial();
    proxy.set({ pause: true });
    client.say("later");
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(received).toBe("");
    proxy.set({});
    await client.heard("LATER");
  });

  it("refuses new connections and kills the open ones on command", async () => {
    const client = await dial();
    client.say("a");
    await client.heard("A");
    proxy.set({ refuse: true });
    const refused = await dial();
    expect(await refused.closed).toBe("ECONNRESET");
    expect(proxy.killAll()).toBe(1);
    expect(await client.closed).toBe("ECONNRESET");
    expect(proxy.connections).toBe(0);
  });
});
