import { type DayCounts, DAYS_KEPT, dayOf, type DayTotals, lastDays, noDayTotals } from "../days.ts";
import { bucketOf, type Buckets, histogramOf } from "../histogram.ts";
import type { DurationHistogram, QueueStats } from "../queue.ts";
import { merged, minuteOf, RECENT_MINUTES, recentOf, type SeriesMinute } from "../series.ts";

interface Minute extends SeriesMinute {
  completed: number;
  failed: number;
}

interface Durations {
  readonly buckets: Buckets;
  sumMs: number;
}

const nothing = (): QueueStats["totals"] => ({
  added: 0,
  completed: 0,
  failed: 0,
  dead: 0,
  retried: 0,
  released: 0,
  lost: 0,
  cancelled: 0,
  recovered: 0,
  redriven: 0,
  leaseLost: 0,
});

/** Totals since the start, and the last minutes. */
export class MemoryCounters {
  #totals: Record<keyof QueueStats["totals"], number> = nothing();
  #minutes = new Map<number, Minute>();
  #wait: Durations = { buckets: new Map(), sumMs: 0 };
  #run: Durations = { buckets: new Map(), sumMs: 0 };
  readonly #now: () => number;
  readonly #days = new Map<number, DayTotals>();

  constructor(now: () => number) {
    this.#now = now;
  }

  get totals(): QueueStats["totals"] {
    return { ...this.#totals };
  }

  count(what: keyof QueueStats["totals"], times = 1): void {
    this.#totals[what] += times;
    if (what === "completed" || what === "failed" || what === "dead") this.#countDay(what, times);
  }

  days(now: number, count: number): DayCounts[] {
    return lastDays(this.#days, now, count);
  }

  waited(ms: number, now: number): void {
    note(this.#wait, ms);
    add(this.#minute(now).wait, ms);
  }

  ended(outcome: "completed" | "failed", runMs: number, now: number): void {
    this.count(outcome);
    const minute = this.#minute(now);
    minute[outcome] += 1;
    note(this.#run, runMs);
    add(minute.run, runMs);
  }

  recent(now: number): QueueStats["recent"] {
    const last = minuteOf(now);
    const kept = [...this.#minutes].filter(([number]) => number > last - RECENT_MINUTES);
    return recentOf(
      kept.map(([, minute]) => minute),
      now,
      this.#totals.completed + this.#totals.failed,
    );
  }

  histograms(): { readonly wait: DurationHistogram; readonly run: DurationHistogram } {
    return {
      wait: histogramOf(merged([this.#wait.buckets]), this.#wait.sumMs),
      run: histogramOf(merged([this.#run.buckets]), this.#run.sumMs),
    };
  }

  clear(): void {
    this.#totals = nothing();
    this.#minutes.clear();
    this.#days.clear();
    this.#wait = { buckets: new Map(), sumMs: 0 };
    this.#run = { buckets: new Map(), sumMs: 0 };
  }

  #countDay(what: keyof DayTotals, times: number): void {
    const day = dayOf(this.#now());
    const known = this.#days.get(day) ?? noDayTotals;
    this.#days.set(day, { ...known, [what]: known[what] + times });
    for (const old of this.#days.keys()) if (old <= day - DAYS_KEPT) this.#days.delete(old);
  }

  #minute(now: number): Minute {
    const number = minuteOf(now);
    const known = this.#minutes.get(number);
    if (known !== undefined) return known;
    for (const old of this.#minutes.keys()) if (old <= number - RECENT_MINUTES) this.#minutes.delete(old);
    const made: Minute = { since: now, completed: 0, failed: 0, wait: new Map(), run: new Map() };
    this.#minutes.set(number, made);
    return made;
  }
}

function note(durations: Durations, ms: number): void {
  add(durations.buckets, ms);
  durations.sumMs += ms;
}

function add(buckets: Buckets, ms: number): void {
  const bucket = bucketOf(ms);
  buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
}
