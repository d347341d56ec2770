import { PassThrough } from "node:stream";
import { createMonitor, type Monitor } from "@imgq/monitor";
import { createQueue } from "@imgq/queue";
import { createRegistry } from "@imgq/registry";
import { redisForTests } from "@imgq/testing";
import { expect, it, vi } from "vitest";
import type { TerminalStreams } from "../src/terminal/terminal.ts";
import { createPaint } from "../src/terminal/paint.ts";
import { TopSession } from "../src/top/top-session.ts";

const redis = redisForTests();

it("says that an action is done once the list shows it, so that the next key meets what is there", async () => {
  const queue = createQueue({ name: "images", redis: redis.url });
  const registry = createRegistry({ redis: redis.url });
  const monitor = createMonitor({ queues: [queue], registry, redis: redis.url });
  const gate = gated(monitor);
  const { streams, press, written } = fakeTerminal();
  const session = new TopSession({
    system: { url: redis.url, queues: [queue], registry },
    monitor: gate.monitor,
    intervalMs: 20,
    streams,
    paint: createPaint(false),
  });
  const ended = session.run();
  try {
    await vi.waitFor(() => expect(written()).toContain("running"));
    await gate.hold();
    press("p");
    await vi.waitFor(async () => expect((await queue.stats()).paused).toBe(true));
    expect(written()).not.toContain("is paused");
    gate.open();
    await vi.waitFor(() => expect(written()).toContain("images is paused."));
    press("p");
    await vi.waitFor(async () => expect((await queue.stats()).paused).toBe(false));
  } finally {
    session.quit();
    await ended;
    await Promise.all([monitor.close(), registry.close(), queue.close()]);
  }
});

/** The monitor, and a gate before its answers: the look under way has been made when `hold` resolves, but is not told. */
function gated(monitor: Monitor): { monitor: Monitor; hold(): Promise<void>; open(): void } {
  let isOpen: Promise<void> = Promise.resolve();
  let open = (): void => {};
  let looked = (): void => {};
  return {
    monitor: {
      ...monitor,
      async snapshot() {
        const snapshot = await monitor.snapshot();
        looked();
        await isOpen;
        return snapshot;
      },
    },
    hold() {
      isOpen = new Promise((resolve) => {
        open = resolve;
      });
      return new Promise((resolve) => {
        looked = resolve;
      });
    },
    open: () => open(),
  };
}

/** The streams of a terminal, a person's keys, and all that was drawn. */
function fakeTerminal(): {
  streams: TerminalStreams;
  press: (key: string) => void;
  written: () => string;
} {
  const stdin = Object.assign(new PassThrough(), { setRawMode: () => stdin });
  const stdout = Object.assign(new PassThrough(), { columns: 100, rows: 24 });
  let drawn = "";
  stdout.on("data", (chunk: Buffer) => {
    drawn += chunk.toString();
  });
  const streams = { stdin, stdout, stderr: stdout, env: {} } as unknown as TerminalStreams;
  return { streams, press: (key) => void stdin.write(key), written: () => drawn };
}
