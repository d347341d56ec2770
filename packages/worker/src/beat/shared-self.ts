import type { Self } from "./beater.ts";

const SEQUENCE = 0;
const LENGTH = 1;
const HEADER_BYTES = 8;
/** Pages that nothing is written to take no memory. */
const ROOM_BYTES = 1024 * 1024;
/** The writer is within a few microseconds of its end, unless the system has taken its processor away. */
const MAX_TRIES = 1000;

/** What the main loop has said of itself, and the instant. */
export interface SaidSelf extends Self {
  /** By the monotonic clock of the process, which all its threads share, in milliseconds. */
  readonly saidAt: number;
}

/**
 * What the main loop says of itself, in memory that it shares with the beat thread: the one writes with every claim, the other
 * reads once a beat. A message would wake the thread each time, only to be replaced by the next.
 */
export class SharedSelf {
  readonly memory: SharedArrayBuffer;
  readonly #header: Int32Array<SharedArrayBuffer>;
  readonly #text: Buffer<SharedArrayBuffer>;
  #last: SaidSelf | undefined;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(HEADER_BYTES + ROOM_BYTES)) {
    this.memory = memory;
    this.#header = new Int32Array(memory, 0, 2);
    this.#text = Buffer.from(memory, HEADER_BYTES);
  }

  /** Of what a worker tells, only the counters of its program have no bound: they are left out where there is no room for them. */
  write(self: Self): void {
    const said: SaidSelf = { ...self, saidAt: instant() };
    if (!this.#write(said)) this.#write({ ...said, vitals: { ...said.vitals, counters: {} } });
  }

  /** The last that was said, whole. Throws before anything was. */
  read(): SaidSelf {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const sequence = Atomics.load(this.#header, SEQUENCE);
      if (sequence === 0) break;
      const text = this.#text.toString("utf8", 0, Atomics.load(this.#header, LENGTH));
      // An odd sequence, or another one afterwards: it was written meanwhile.
      if ((sequence & 1) === 1 || Atomics.load(this.#header, SEQUENCE) !== sequence) continue;
      this.#last = JSON.parse(text) as SaidSelf;
      break;
    }
    if (this.#last === undefined)
      throw new Error("A worker's beat thread began before the worker said what to tell.");
    return this.#last;
  }

  #write(said: SaidSelf): boolean {
    const text = JSON.stringify(said);
    if (Buffer.byteLength(text) > ROOM_BYTES) return false;
    Atomics.add(this.#header, SEQUENCE, 1);
    Atomics.store(this.#header, LENGTH, this.#text.write(text));
    Atomics.add(this.#header, SEQUENCE, 1);
    return true;
  }
}

/** Milliseconds by a clock that all threads of the process share, as `performance.now()` is not. */
export function instant(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
