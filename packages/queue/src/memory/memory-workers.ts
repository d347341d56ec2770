import { afterBeat, type BeatRecord, mayCountOut, noBeats } from "../outage.ts";
import { NOTICE_AGE_MS } from "../history.ts";
import type { BeatReply, ClaimReference } from "../queue.ts";
import type { MemoryTask } from "./memory-task.ts";

/** How long a worker keeps its turn for a task that must run alone, while it finishes what it holds. */
const RESERVATION_MS = 10_000;

interface MemoryWorker {
  leaseUntil: number;
  readonly held: Map<string, MemoryTask>;
  /** Reserved for a task that must run alone until then. */
  reservedUntil: number;
}

interface Notice extends ClaimReference {
  readonly kind: "lost" | "cancelled";
  readonly at: number;
}

/** The workers that hold a lease, what they hold, and what their next beat has to tell them. */
export class MemoryWorkers {
  readonly #workers = new Map<string, MemoryWorker>();
  readonly #notices = new Map<string, Notice[]>();
  #beats: BeatRecord = noBeats;

  beat(id: string, now: number, leaseMs: number): BeatReply {
    this.#beats = afterBeat(this.#beats, now, leaseMs);
    const worker = this.#ensure(id);
    worker.leaseUntil = Math.max(worker.leaseUntil, now + leaseMs);
    const fresh = (this.#notices.get(id) ?? []).filter((notice) => now - notice.at < NOTICE_AGE_MS);
    if (fresh.length === 0) this.#notices.delete(id);
    else this.#notices.set(id, fresh);
    const of = (kind: Notice["kind"]): ClaimReference[] =>
      fresh.filter((notice) => notice.kind === kind).map(({ id: task, token }) => ({ id: task, token }));
    return { lost: of("lost"), cancelled: of("cancelled") };
  }

  /** Gives a worker a lease if it has none that still runs. */
  lease(id: string, now: number, leaseMs: number): void {
    const worker = this.#ensure(id);
    if (worker.leaseUntil <= now) worker.leaseUntil = now + leaseMs;
  }

  hold(id: string, task: MemoryTask): void {
    this.#ensure(id).held.set(task.id, task);
  }

  letGo(id: string, task: MemoryTask): void {
    this.#workers.get(id)?.held.delete(task.id);
  }

  heldBy(id: string): MemoryTask[] {
    return [...(this.#workers.get(id)?.held.values() ?? [])];
  }

  remove(id: string): void {
    this.#workers.delete(id);
  }

  /** It has said goodbye: there is nobody to tell anything. */
  forget(id: string): void {
    this.#workers.delete(id);
    this.#notices.delete(id);
  }

  notify(id: string, kind: Notice["kind"], reference: ClaimReference, at: number): void {
    const notices = this.#notices.get(id) ?? [];
    this.#notices.set(id, [...notices, { ...reference, kind, at }]);
  }

  /** Workers whose lease ran out, the first to run out first, unless everybody was cut off. */
  expired(now: number): string[] {
    if (!mayCountOut(this.#beats, now)) return [];
    return [...this.#workers]
      .filter(([, worker]) => worker.leaseUntil <= now)
      .sort(([idA, a], [idB, b]) => a.leaseUntil - b.leaseUntil || (idA < idB ? -1 : 1))
      .map(([id]) => id);
  }

  nextLeaseMs(now: number): number | undefined {
    if (this.#workers.size === 0) return undefined;
    return Math.max(0, Math.min(...[...this.#workers.values()].map(({ leaseUntil }) => leaseUntil - now)));
  }

  /** Whether a worker must take nothing now, to become free for one of `suspects` tasks that run alone. */
  mustDrain(id: string, suspects: number, now: number): boolean {
    const worker = this.#ensure(id);
    const reserved = [...this.#workers.values()].filter((one) => one.reservedUntil > now);
    if (!reserved.includes(worker) && reserved.length >= suspects) return false;
    worker.reservedUntil = now + RESERVATION_MS;
    return true;
  }

  endReservation(id: string): void {
    this.#ensure(id).reservedUntil = 0;
  }

  clear(): void {
    this.#workers.clear();
    this.#notices.clear();
    this.#beats = noBeats;
  }

  #ensure(id: string): MemoryWorker {
    const known = this.#workers.get(id);
    if (known !== undefined) return known;
    const made: MemoryWorker = { leaseUntil: 0, held: new Map(), reservedUntil: 0 };
    this.#workers.set(id, made);
    return made;
  }
}
