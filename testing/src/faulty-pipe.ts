import type { Socket } from "node:net";

/** What becomes of one chunk: which bytes of it leave, in pieces of which size, after how long. */
export interface Passage {
  readonly bytes: Buffer;
  readonly sliceBytes?: number | undefined;
  readonly delayMs: number;
}

export const nothing: Passage = { bytes: Buffer.alloc(0), delayMs: 0 };

export interface FaultyPipeOptions {
  readonly from: Socket;
  readonly to: Socket;
  readonly pass: (chunk: Buffer) => Passage;
  /** Whether the network is dead, so that not even the end of the connection gets through. */
  readonly cut: () => boolean;
}

interface Waiting {
  readonly bytes: Buffer;
  readonly dueAt: number;
}

/** One direction of a connection. Bytes leave in the order they came, however long each is held back. */
export class FaultyPipe {
  readonly #options: FaultyPipeOptions;
  readonly #queue: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #pumping = false;
  #sourceEnded = false;

  constructor(options: FaultyPipeOptions) {
    this.#options = options;
    options.from.on("data", (chunk: Buffer) => {
      const { bytes, sliceBytes, delayMs } = options.pass(chunk);
      const dueAt = performance.now() + delayMs;
      for (const piece of slices(bytes, sliceBytes ?? bytes.length))
        this.#queue.push({ bytes: piece, dueAt });
      this.#pump();
    });
    options.from.once("end", () => {
      this.#sourceEnded = true;
      this.#pump();
    });
  }

  hold(held: boolean): void {
    if (held) this.#options.from.pause();
    else this.#options.from.resume();
  }

  /** Forgets what has not left yet. */
  end(): void {
    clearTimeout(this.#timer);
    this.#queue.length = 0;
    this.#pumping = true;
  }

  #pump(): void {
    if (this.#pumping) return;
    const head = this.#queue.shift();
    if (head === undefined) {
      if (this.#sourceEnded && !this.#options.cut()) this.#options.to.end();
      return;
    }
    this.#pumping = true;
    const send = (): void => {
      this.#options.to.write(head.bytes, () =>
        // The next piece waits for the next turn of the loop, or the kernel would join the two.
        setImmediate(() => {
          this.#pumping = false;
          this.#pump();
        }),
      );
    };
    const waitMs = head.dueAt - performance.now();
    if (waitMs <= 0) send();
    else this.#timer = setTimeout(send, waitMs);
  }
}

function slices(chunk: Buffer, bytes: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let start = 0; start < chunk.length; start += bytes) pieces.push(chunk.subarray(start, start + bytes));
  return pieces;
}
