/** Whether Redis answers, as far as this worker's own beats tell. */
export class RedisPresence {
  readonly #leaseMs: number;
  #lastBeatAt: number | undefined;
  #reachable = false;

  constructor(leaseMs: number) {
    this.#leaseMs = leaseMs;
  }

  /** Monotonic instant of the last beat that Redis took. */
  get lastBeatAt(): number | undefined {
    return this.#lastBeatAt;
  }

  /** A lease that is about to run out must not cover new tasks; what is in hand goes on, as everybody else is cut off too. */
  mayClaim(at: number): boolean {
    return this.#lastBeatAt !== undefined && at - this.#lastBeatAt < 0.75 * this.#leaseMs;
  }

  /** Takes the result of a beat. Returns how long Redis had been away when this is the first that worked again. */
  beat(at: number, worked: boolean): { readonly changed: boolean; readonly awayMs: number } {
    const awayMs = this.#lastBeatAt === undefined ? 0 : at - this.#lastBeatAt;
    const changed = worked !== this.#reachable && (worked || this.#lastBeatAt !== undefined);
    if (worked) this.#lastBeatAt = at;
    if (changed || worked) this.#reachable = worked;
    return { changed, awayMs: Math.round(awayMs) };
  }
}
