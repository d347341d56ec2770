import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createQueue, type Queue } from "@imgq/queue";
import { createRegistry } from "@imgq/registry";
import { redisForTests } from "@imgq/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { imgqBin } from "./run-imgq.ts";

const run = promisify(execFile);
const redis = redisForTests();
const session = `imgq-test-${process.pid}`;
let queue: Queue;

const tmux = await run("tmux", ["-V"]).then(
  () => true,
  () => false,
);
if (!tmux) {
  if (process.env.CI === "true") throw new Error("tmux is needed to drive imgq top in a terminal.");
  console.warn("Skipped: tmux is not installed, so imgq top cannot be driven in a terminal.");
}

beforeEach(() => {
  queue = createQueue({ name: "images", redis: redis.url });
});
afterEach(async () => {
  await run("tmux", ["kill-session", "-t", session]).catch(() => {});
  await queue.clear();
  await queue.close();
});

/** Opens a shell in a terminal of its own, with a line of text on it, and starts `imgq top`. */
async function startTop(columns: number, rows: number): Promise<void> {
  const size = ["-x", String(columns), "-y", String(rows)];
  await run("tmux", ["new-session", "-d", "-s", session, ...size, "env PS1='$ ' bash --norc --noprofile"]);
  await type("echo was here before", "Enter");
  await shows(/^was here before/m);
  await type(
    `${process.execPath} ${imgqBin} top --redis ${redis.url} --interval 200ms; echo code=$?`,
    "Enter",
  );
  await shows(/1 Overview/);
}

async function type(...keys: string[]): Promise<void> {
  await run("tmux", ["send-keys", "-t", session, ...keys]);
}

async function screen(): Promise<string> {
  return (await run("tmux", ["capture-pane", "-p", "-t", session])).stdout;
}

/** Waits until the terminal shows `what`. */
async function shows(what: RegExp): Promise<string> {
  const until = performance.now() + 30_000;
  for (;;) {
    const text = await screen();
    if (what.test(text)) return text;
    if (performance.now() > until)
      throw new Error(`The terminal does not show ${String(what)}, but:\n${text}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function addDead(count: number, message = "torn apart"): Promise<string[]> {
  const ids = await queue.addMany(
    Array.from({ length: count }, (_, n) => ({ payload: { input: `${n}.png` } })),
  );
  for (const claim of await queue.claim({ worker: "w", limit: count })) {
    await queue.fail(claim, new Error(message), { deadReason: "invalid-input" });
  }
  return ids;
}

describe.skipIf(!tmux && process.env.CI !== "true")("imgq top in a terminal", { timeout: 90_000 }, () => {
  it("walks through the queues", async () => {
    const other = createQueue({ name: "thumbnails", redis: redis.url });
    const registry = createRegistry({ redis: redis.url });
    const metadata = { hostname: "h", pid: 1, startedAt: 1, concurrency: 1, versions: {} };
    await registry.register("worker-1", { ...metadata, queues: ["images", "thumbnails"] });
    await other.addMany([{ payload: 1 }, { payload: 2 }]);
    try {
      await startTop(100, 24);
      await shows(/^imgq {2}images and 1 queue more \(n\) {2}running[^]*\n0 +0 +0/m);
      await type("n");
      await shows(/^imgq {2}thumbnails and 1 queue more \(n\) {2}running[^]*\n0 +2 +0/m);
      await type("p");
      await shows(/thumbnails is paused/);
      expect((await other.stats()).paused).toBe(true);
      await type("n");
      await shows(/^imgq {2}images and 1 queue more/m);
    } finally {
      await other.clear();
      await other.close();
      await registry.clear();
      await registry.close();
    }
  });

  it("shows the queue live, fits every size, and gives the screen back at the end", async () => {
    await startTop(100, 24);
    await queue.addMany([1, 2, 3].map((n) => ({ payload: { input: `${n}.png` } })));
    await shows(/scheduled +pending +processing.*\n0 +3 +0/);
    await run("tmux", ["resize-window", "-t", session, "-x", "50", "-y", "12"]);
    const narrow = await shows(/^imgq {2}images {2}running(?!.*\d\d:\d\d:\d\d.*\d\d:\d\d)/m);
    expect(narrow.split("\n").every((line) => line.length <= 50)).toBe(true);
    await type("q");
    const after = await shows(/code=0/);
    expect(after).toContain("was here before");
    expect(after).not.toContain("Overview");
    expect(
      (
        await run("tmux", ["display-message", "-p", "-t", session, "#{alternate_on}#{cursor_flag}"])
      ).stdout.trim(),
    ).toBe("01");
    await type("echo typed-$((1+1))", "Enter");
    await shows(/^typed-2/m);
  });

  it("pauses and resumes the queue, redrives a dead letter, and asks before it removes one", async () => {
    await addDead(2);
    await startTop(120, 24);
    await type("p");
    await shows(/images is paused/);
    expect((await queue.stats()).paused).toBe(true);
    await type("p");
    await shows(/images is running/);
    await type("4");
    await shows(/COUNT +REASON[^]*2 +invalid-input +Error .*torn apart/);
    await type("Enter");
    await shows(/ID +STATE[^]*esc back/);
    await type("Enter");
    await shows(/state +dead \(invalid-input\)/);
    await type("Escape");
    await shows(/r redrive/);
    await type("r");
    await shows(/1 dead letter is pending again/);
    expect((await queue.counts()).pending).toBe(1);
    await type("d");
    await shows(/Remove task .* for good\? y\/n/);
    await type("n");
    await shows(/q quit/);
    expect((await queue.counts()).dead).toBe(1);
    await type("d");
    await shows(/y\/n/);
    await type("y");
    await shows(/1 dead letter removed/);
    expect((await queue.counts()).dead).toBe(0);
    await shows(/None with this cause are left/);
    await type("Escape");
    await shows(/No dead letters/);
  });

  it("redrives and removes all dead letters with one cause", async () => {
    await addDead(3);
    await addDead(2, "too large by 7 bytes");
    await addDead(1, "too large by 9 bytes");
    await startTop(120, 24);
    await type("4");
    await shows(/\n +3 +invalid-input [^\n]*(torn apart|too large)[^\n]*\n +3 +invalid-input /);
    const first = /^ +3 .*(torn|large)/m.exec(await screen())?.[1];
    await type("r");
    await shows(/Redrive the 3 dead letters of this cause\? y\/n/);
    await type("y");
    await shows(/3 dead letters pending again/);
    expect(await queue.counts()).toMatchObject({ pending: 3, dead: 3 });
    await shows(first === "torn" ? /too large/ : /torn apart/);
    await type("d");
    await shows(/Remove the 3 dead letters of this cause for good\?/);
    await type("y");
    await shows(/3 dead letters removed/);
    expect((await queue.counts()).dead).toBe(0);
  });

  it("leaves the terminal clean when it is ended by a signal, and when it crashes", async () => {
    for (const end of ["TERM", "crash"]) {
      await startTop(80, 20);
      const { stdout } = await run("pgrep", ["-f", `top --redis ${redis.url} --interval`]);
      const pid = stdout.trim().split("\n").at(-1) ?? "";
      if (end === "crash") {
        // Through the inspector of Node: an error that nobody catches.
        await run("kill", ["-USR1", pid]);
        await crash();
      } else {
        await run("kill", [`-${end}`, pid]);
      }
      const after = await shows(/code=\d+/);
      expect(after).toContain("was here before");
      expect(after).not.toContain("Overview");
      if (end === "crash") expect(after).toContain("made to crash");
      await run("tmux", ["kill-session", "-t", session]);
    }
  });

  it("says that Redis is away, and goes on when it is back", async () => {
    await startTop(100, 20);
    redis.server.process.kill("SIGSTOP");
    await shows(/Redis is unreachable/);
    redis.server.process.kill("SIGCONT");
    await shows(/images {2}running/);
  });
});

/** Throws in the process whose inspector listens on the default port. */
async function crash(): Promise<void> {
  for (;;) {
    const targets = await fetch("http://127.0.0.1:9229/json").then(
      (response) => response.json(),
      () => undefined,
    );
    const address: unknown = Array.isArray(targets) ? targets[0]?.webSocketDebuggerUrl : undefined;
    if (typeof address === "string") {
      const script = `const s = new WebSocket(process.argv[1]); s.onopen = () => s.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression: "setTimeout(() => { throw new Error('made to crash'); })" } })); s.onmessage = () => s.close();`;
      await run(process.execPath, ["--experimental-websocket", "-e", script, address]);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
