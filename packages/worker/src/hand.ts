import type { Claim, ClaimReference } from "@imgq/queue";
import { type Candidate, type Load, type Memory, mayStart } from "./admission.ts";
import type { Execution } from "./execution.ts";

interface Waiting<P> extends Candidate {
  readonly claim: Claim<P>;
}

export interface HandOptions<P, R> {
  readonly weigh: (payload: P) => number | Promise<number>;
  readonly memory: () => Memory;
  readonly begin: (claim: Claim<P>) => Execution<P, R>;
}

/** The tasks a worker holds: those that run, and those claimed that may not start yet. */
export class Hand<P, R> {
  readonly #options: HandOptions<P, R>;
  readonly #running = new Map<Execution<P, R>, Candidate>();
  readonly #waiting: Waiting<P>[] = [];
  #weighing = 0;
  #solos = 0;
  #weightBytes = 0;

  constructor(options: HandOptions<P, R>) {
    this.#options = options;
  }

  get running(): number {
    return this.#running.size;
  }

  get executions(): Iterable<Execution<P, R>> {
    return this.#running.keys();
  }

  /** How many more tasks could start at once with `slots` slots. */
  room(slots: number): number {
    // What waits must start first, and a suspect is run alone: claiming more would only hold tasks back from others.
    if (this.#waiting.length > 0 || this.#weighing > 0 || this.#solos > 0) return 0;
    const { residentBytes, limitBytes } = this.#options.memory();
    if (residentBytes > limitBytes) return this.#running.size === 0 ? 1 : 0;
    return Math.max(0, slots - this.#running.size);
  }

  add(claims: readonly Claim<P>[]): void {
    for (const claim of claims) {
      const weight = this.#weigh(claim);
      if (typeof weight === "number") this.#waiting.push({ claim, solo: claim.solo, weightBytes: weight });
      else void this.#addWeighed(claim, weight);
    }
    this.startWaiting();
  }

  /** An execution has ended. */
  remove(execution: Execution<P, R>): void {
    const candidate = this.#running.get(execution);
    if (candidate === undefined) return;
    this.#running.delete(execution);
    this.#count(candidate, -1);
    this.startWaiting();
  }

  /** Starts what waits, in order, as far as it may. */
  startWaiting(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (!mayStart(next, this.#load(), this.#options.memory())) return;
      this.#waiting.shift();
      this.#count(next, 1);
      this.#running.set(this.#options.begin(next.claim), next);
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
    for (const execution of this.#running.keys()) {
      if (isSame(execution.claim, reference)) return execution;
    }
    return undefined;
  }

  #load(): Load {
    return { count: this.#running.size, solo: this.#solos > 0, weightBytes: this.#weightBytes };
  }

  #count({ solo, weightBytes }: Candidate, sign: 1 | -1): void {
    if (solo) this.#solos += sign;
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
    this.#weighing += 1;
    const weightBytes = await weight.catch(() => 0);
    this.#weighing -= 1;
    this.#waiting.push({ claim, solo: claim.solo, weightBytes });
    this.startWaiting();
  }
}

/** Whether both are one claim of one task. */
export function isSame(claim: ClaimReference, other: ClaimReference): boolean {
  return claim.id === other.id && claim.token === other.token;
}
