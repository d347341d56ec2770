import { boundOf, type Buckets, histogramOf } from "../histogram.ts";
import type { QueueStats } from "../queue.ts";
import { merged, recentOf, type SeriesMinute } from "../series.ts";
import { type DeadReason, deadReasons } from "../task.ts";
import type { Reply } from "./script-runner.ts";

/** Reads the reply of lua/stats.lua. */
export function parseStats(name: string, reply: Reply): QueueStats {
  const [, now, scheduled, pending, processing, completed, dead, cancelled, paused, oldest] =
    reply.map(Number);
  const at = now ?? 0;
  const counters = pairsOf(reply[10]);
  const minutes = listOf(reply[12]).map(minuteOf);
  const all = [reply[13], ...listOf(reply[14])].map(minuteOf);
  return {
    name,
    counts: {
      scheduled: scheduled ?? 0,
      pending: pending ?? 0,
      processing: processing ?? 0,
      completed: completed ?? 0,
      dead: dead ?? 0,
      cancelled: cancelled ?? 0,
    },
    paused: paused === 1,
    totals: {
      added: counters.get("added") ?? 0,
      completed: counters.get("completed") ?? 0,
      failed: counters.get("failed") ?? 0,
      dead: counters.get("dead") ?? 0,
      retried: counters.get("retried") ?? 0,
      released: counters.get("released") ?? 0,
      lost: counters.get("lost") ?? 0,
      cancelled: counters.get("cancelled") ?? 0,
      recovered: counters.get("recovered") ?? 0,
      redriven: counters.get("redriven") ?? 0,
      leaseLost: counters.get("leaseLost") ?? 0,
    },
    deadByReason: deadByReason(pairsOf(reply[11])),
    oldestPendingAgeMs: oldest === undefined || oldest === 0 ? 0 : Math.max(0, at - oldest),
    recent: recentOf(minutes, at, (counters.get("completed") ?? 0) + (counters.get("failed") ?? 0)),
    histograms: {
      wait: histogramOf(merged(all.map((minute) => minute.wait)), sumOf(all, "waitSumMs")),
      run: histogramOf(merged(all.map((minute) => minute.run)), sumOf(all, "runSumMs")),
    },
    at,
  };
}

interface StoredMinute extends SeriesMinute {
  readonly fields: ReadonlyMap<string, number>;
}

function minuteOf(value: unknown): StoredMinute {
  const fields = pairsOf(value);
  const completed = bucketsOf(fields, "completed:");
  const failed = bucketsOf(fields, "failed:");
  return {
    fields,
    since: fields.get("since"),
    completed: sizeOf(completed),
    failed: sizeOf(failed),
    wait: bucketsOf(fields, "wait:"),
    run: merged([completed, failed]),
  };
}

function sizeOf(buckets: Buckets): number {
  return [...buckets.values()].reduce((sum, count) => sum + count, 0);
}

function bucketsOf(fields: ReadonlyMap<string, number>, prefix: string): Buckets {
  const buckets: Buckets = new Map();
  for (const [name, count] of fields) {
    const bucket = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN;
    if (Number.isFinite(boundOf(bucket))) buckets.set(bucket, count);
  }
  return buckets;
}

function sumOf(minutes: readonly StoredMinute[], name: string): number {
  return minutes.reduce((sum, minute) => sum + (minute.fields.get(name) ?? 0), 0);
}

function deadByReason(counts: ReadonlyMap<string, number>): Partial<Record<DeadReason, number>> {
  const known = deadReasons.map((reason) => [reason, counts.get(reason) ?? 0] as const);
  return Object.fromEntries(known.filter(([, count]) => count > 0));
}

/** "name, number, name, number, …" as a map. */
function pairsOf(value: unknown): ReadonlyMap<string, number> {
  const list = listOf(value);
  const pairs = new Map<string, number>();
  for (let index = 0; index + 1 < list.length; index += 2) {
    pairs.set(String(list[index]), Number(list[index + 1]) || 0);
  }
  return pairs;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
