const TURNS = 0;
const TIMEOUT = 1;
const MAX_INT = 2 ** 31 - 1;

/** The few numbers that the main loop and the beat thread share: the one writes them, the other sees them at once, whatever blocks the first. */
export class SharedPulse {
  readonly memory: SharedArrayBuffer;
  readonly #numbers: Int32Array<SharedArrayBuffer>;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(8)) {
    this.memory = memory;
    this.#numbers = new Int32Array(memory);
  }

  /** Changes with every turn of the main loop. */
  get turns(): number {
    return Atomics.load(this.#numbers, TURNS);
  }

  /** The longest timeout of the tasks that have started since it was last set. */
  get longestTimeoutMs(): number {
    return Atomics.load(this.#numbers, TIMEOUT);
  }

  set longestTimeoutMs(timeoutMs: number) {
    Atomics.store(this.#numbers, TIMEOUT, Math.min(Math.ceil(timeoutMs), MAX_INT));
  }

  turn(): void {
    Atomics.add(this.#numbers, TURNS, 1);
  }
}
