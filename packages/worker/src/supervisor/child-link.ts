import { isByCommand } from "../commands.ts";
import type { Worker } from "../worker.ts";
import { type ChildReport, type Farewell, parseStop } from "./child-messages.ts";

const REPORT_EVERY_MS = 500;

/** Set by a supervisor in the environment of its children. */
export const SUPERVISED = "IMGQ_SUPERVISED";

/**
 * Ties a worker to the supervisor that started its process: reports to it, stops when told to, and stops when the
 * supervisor is gone. Does nothing in a process that has none. Returns what unties it.
 */
export function linkToSupervisor(worker: Worker): () => void {
  if (process.env[SUPERVISED] === undefined || process.send === undefined) return () => {};
  const say = (message: ChildReport | Farewell): void => {
    if (process.connected) process.send?.(message);
  };
  const report = (): void => say(reportOf(worker));
  const onMessage = (message: unknown): void => {
    const stop = parseStop(message);
    if (stop !== undefined) void worker.stop({ timeoutMs: stop.timeoutMs, reason: stop.reason });
  };
  const onDisconnect = (): void => void worker.stop({ reason: "the supervisor is gone" });
  process.on("message", onMessage);
  process.on("disconnect", onDisconnect);
  const offStatus = worker.on("status", report);
  worker.on("stopped", ({ finished, released, reason }) =>
    say({ imgq: "stopped", finished, released, byCommand: isByCommand(reason) }),
  );
  const timer = setInterval(report, REPORT_EVERY_MS);
  report();
  // It may have died before anybody listened for that.
  if (!process.connected) onDisconnect();
  return () => {
    clearInterval(timer);
    offStatus();
    process.off("message", onMessage);
    process.off("disconnect", onDisconnect);
    // An open channel would keep the process from ending.
    process.channel?.unref();
  };
}

function reportOf(worker: Worker): ChildReport {
  const stats = worker.stats();
  const { completed, failed, cancelled } = stats.totals;
  return {
    imgq: "report",
    workerId: worker.id,
    status: stats.status,
    rssBytes: process.memoryUsage.rss(),
    finished: completed + failed + cancelled,
    longestTimeoutMs: stats.longestTimeoutMs,
    hangingMs: stats.hangingMs,
    silentMs: stats.silentMs,
    silentAfterMs: stats.silentAfterMs,
    reachesRedis: stats.reachesRedis,
  };
}
