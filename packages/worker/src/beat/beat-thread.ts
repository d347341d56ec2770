// The beat thread. It shares nothing with the main loop but memory that only the loop writes, so that whatever blocks the loop cannot stop the beat.
import { parentPort, workerData } from "node:worker_threads";
import { type LogFields, type Logger, summarizeError } from "@imgq/core";
import { openSource } from "@imgq/core/redis";
import { createQueue } from "@imgq/queue";
import { createRegistry } from "@imgq/registry";
import { BeatLoop, type SelfReport } from "./beat-loop.ts";
import { BeatRound } from "./beat-round.ts";
import { SharedPulse } from "./shared-pulse.ts";
import { instant, SharedSelf } from "./shared-self.ts";
import type { BeatThreadConfig, FromBeatThread, ToBeatThread } from "./thread-messages.ts";

const config = workerData as BeatThreadConfig;
const port = parentPort;
if (port === null) throw new Error("beat-thread.js is started by @imgq/worker, as a worker thread.");
const send = (message: FromBeatThread): void => port.postMessage(message);

const log = forwardingLogger({});
// A beat that has no answer after two intervals is repeated on a new connection rather than waited for.
const deadlineMs = Math.max(1000, 2 * config.intervalMs);
const queue = createQueue({
  name: config.queue.name,
  ...(config.queue.prefix === undefined ? {} : { prefix: config.queue.prefix }),
  redis: openSource(config.queue.source),
  leaseMs: config.leaseMs,
  deadlineMs,
  log,
});
const registry =
  config.registry === undefined
    ? undefined
    : createRegistry({ ...config.registry, redis: openSource(config.registry.source), deadlineMs, log });

const shared = new SharedSelf(config.self);
const pulse = new SharedPulse(config.pulse);
let turns = pulse.turns;
let turnedAt = performance.now();

/** The age of the last turn, as seen from here. Looked at often, so that it is known to a fraction of a beat. */
const watch = setInterval(() => {
  const seen = pulse.turns;
  if (seen === turns) return;
  turns = seen;
  turnedAt = performance.now();
}, 50);

const loop = new BeatLoop({
  round: new BeatRound({ ...config, queue, registry }),
  intervalMs: config.intervalMs,
  limits: config.limits,
  self: (): SelfReport => {
    const { vitals, longestTimeoutMs, saidAt } = shared.read();
    return {
      vitals,
      // Tasks that started after the last word from a loop that is blocked by one of them.
      longestTimeoutMs: Math.max(longestTimeoutMs, pulse.longestTimeoutMs),
      ageMs: instant() - saidAt,
    };
  },
  sinceTurnMs: () => performance.now() - turnedAt,
  onReport: (report) => send({ type: "report", report }),
});
loop.start();

port.on("message", (message: ToBeatThread) => {
  if (message.type === "stop") void stop();
});

async function stop(): Promise<void> {
  await loop.stop();
  clearInterval(watch);
  await Promise.allSettled([queue.close(), registry?.close()]);
  port?.close();
}

function forwardingLogger(bound: LogFields): Logger {
  const forward =
    (level: "debug" | "info" | "warn" | "error") =>
    (message: string, fields: LogFields = {}): void =>
      send({ type: "log", level, message, fields: cloneable({ ...bound, ...fields }) });
  return {
    debug: forward("debug"),
    info: forward("info"),
    warn: forward("warn"),
    error: forward("error"),
    child: (fields) => forwardingLogger({ ...bound, ...fields }),
  };
}

function cloneable(fields: LogFields): Record<string, unknown> {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    value instanceof Error
      ? summarizeError(value)
      : typeof value === "object"
        ? JSON.stringify(value)
        : value,
  ]);
  return Object.fromEntries(entries);
}
