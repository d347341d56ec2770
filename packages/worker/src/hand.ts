import { Roster } from "@imgq/core";
import type { Claim, ClaimReference } from "@imgq/queue";
import { type Candidate, type Load, type Memory, mayStart } from "./admission.ts";
import type { Room } from "./claimer.ts";
import type { Execution } from "./execution.ts";

interface Waiting<P> extends Candidate {
  readonly claim: Claim<P>;
  /** Monotonic instant at which it came. */
  readonly since: number;
}

export interface HandOptions<P, R> {
  /** Tasks that may run at a time. */
  readonly slots: () => number;
  /** Tasks that may wait for a slot. */
  readonly ahead: () => number;
  readonly weigh: (payload: P) => number | Promise<number>;
  readonly memory: () => Memory;
  readonly begin: (claim: Claim<P>, weightBytes: number) => Execution<P, R>;
}

/** The tasks a worker holds: those that run, and those claimed that may not start yet. */
export class Hand<P, R> {
  readonly #options: HandOptions<P, R>;
  readonly #running = new Roster<Execution<P, R>>();
  readonly #waiting: Waiting<P>[] = [];
  readonly #weighing = new Set<Claim<P>>();
  #solos = 0;
  #weightBytes = 0;

  constructor(options: HandOptions<P, R>) {
    this.#options = options;
  }

  get running(): number {
    return this.#running.size;
  }

  /** What runs, in no order. */
  get executions(): Execution<P, R>[] {
    return this.#running.members();
  }

  /** All it holds: what runs, what waits, and what is being weighed. */
  get claims(): Iterable<Claim<P>> {
    return this.#claims();
  }

  /** Milliseconds that the first in line has waited for a slot; 0 when none waits, or what it waits for is memory. */
  get waitedMs(): number {
    const [first] = this.#waiting;
    if (first === undefined || this.#running.size < this.#options.slots()) return 0;
    return performance.now() - first.since;
  }

  /** How many tasks could start at once, and how many more could come soon. */
  room(): Room {
    const free = Math.max(0, this.#options.slots() - this.#running.size);
    // What waits though a slot is free must start first, and a suspect is run alone: claiming more would only hold tasks back from others.
    if (this.#weighing.size > 0 || this.#solos > 0 || (free > 0 && this.#waiting.length > 0)) return NONE;
    const { residentBytes, limitBytes } = this.#options.memory();
    if (residentBytes > limitBytes) return this.#running.size === 0 ? ONE : NONE;
    const most = this.#options.ahead();
    // In halves: while one is run the next is on its way, and a few big claims cost less than many small ones.
    const ahead = this.#waiting.length > most / 2 ? 0 : Math.ceil(most / 2);
    return { slots: free, ahead };
  }

  add(claims: readonly Claim<P>[]): void {
    const since = performance.now();
    for (const claim of claims) {
      const weight = this.#weigh(claim);
      if (typeof weight === "number") this.#wait(claim, weight, since);
      else void this.#addWeighed(claim, weight);
    }
    this.startWaiting();
  }

  /** An execution has ended. What waits is not started yet. */
  remove(execution: Execution<P, R>): void {
    if (this.#running.delete(execution)) this.#count(execution, -1);
  }

  /** Starts what waits, in order, as far as it may. */
  startWaiting(): void {
    const slots = this.#options.slots();
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#running.size >= slots || !mayStart(next, this.#load(), this.#options.memory())) return;
      this.#waiting.shift();
      this.#count(next, 1);
      this.#running.add(this.#options.begin(next.claim, next.weightBytes));
    }
  }

  /** Takes out what has not begun: one claim, or all. */
  takeWaiting(reference?: ClaimReference): Claim<P>[] {
    const taken = this.#waiting.filter(({ claim }) => reference === undefined || isSame(claim, reference));
    for (const one of taken) this.#waiting.splice(this.#waiting.indexOf(one), 1);
    return taken.map(({ claim }) => claim);
  }

  /** The execution of exactly this claim, if it runs here. */
  find(reference: ClaimReference): Execution<P, R> | undefined {
    return this.#running.members().find(({ claim }) => isSame(claim, reference));
  }

  *#claims(): Generator<Claim<P>> {
    for (const { claim } of this.#running.members()) yield claim;
    for (const { claim } of this.#waiting) yield claim;
    yield* this.#weighing;
  }

  #wait(claim: Claim<P>, weightBytes: number, since: number): void {
    this.#waiting.push({ claim, solo: claim.solo, weightBytes, since });
  }

  #load(): Load {
    return { count: this.#running.size, solo: this.#solos > 0, weightBytes: this.#weightBytes };
  }

  #count({ claim, weightBytes }: Pick<Waiting<P>, "claim" | "weightBytes">, sign: 1 | -1): void {
    if (claim.solo) this.#solos += sign;
    this.#weightBytes += sign * weightBytes;
  }

  #weigh(claim: Claim<P>): number | Promise<number> {
    if (!Number.isFinite(this.#options.memory().limitBytes)) return 0;
    try {
      return this.#options.weigh(claim.payload);
    } catch {
      // What cannot be weighed is run all the same; its handler will say what is wrong with it.
      return 0;
    }
  }

  async #addWeighed(claim: Claim<P>, weight: Promise<number>): Promise<void> {
    this.#weighing.add(claim);
    const weightBytes = await weight.catch(() => 0);
    this.#weighing.delete(claim);
    this.#wait(claim, weightBytes, performance.now());
    this.startWaiting();
  }
}

const NONE: Room = { slots: 0, ahead: 0 };
const ONE: Room = { slots: 1, ahead: 0 };

/** Whether both are one claim of one task. */
export function isSame(claim: ClaimReference, other: ClaimReference): boolean {
  return claim.id === other.id && claim.token === other.token;
}
