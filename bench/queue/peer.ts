/** A queue library made measurable: each is given the fastest configuration that its documentation offers for this work. */
export interface Peer {
  readonly name: string;
  /** npm package, to read the version of. */
  readonly packageName: string;
  /** What differs from its defaults, and why, for the report. */
  readonly configuration: string;
  open(target: PeerTarget): Promise<PeerQueue>;
}

export interface PeerTarget {
  readonly url: string;
  readonly queue: string;
  /** Completed tasks to keep: the 1,000 latest in all speed measures, every one where their size is measured. */
  readonly keepCompleted: number;
}

export interface PeerQueue {
  add(payload: Payload): Promise<unknown>;
  addMany(payloads: readonly Payload[]): Promise<unknown>;
  /** Starts executing tasks; resolves when that has begun. */
  work(options: WorkOptions): Promise<PeerWorker>;
  close(): Promise<void>;
}

export interface WorkOptions {
  readonly concurrency: number;
  readonly handler: (payload: Payload) => Promise<unknown>;
  /** Called once the outcome of a task is stored. */
  readonly onSettled: () => void;
}

export interface PeerWorker {
  stop(): Promise<void>;
}

export interface Payload {
  readonly number: number;
  readonly input: string;
  readonly output: string;
  readonly filters: readonly { readonly filter: string; readonly params: object }[];
  readonly note: string;
}

/** An image task of 330 bytes of JSON. Making it must cost next to nothing: what is measured is the queue. */
export function payload(number: number): Payload {
  return {
    // As many digits whatever the number, so that all are of one size.
    number: 1_000_000 + number,
    input: "incoming/2026/11/24/holiday-in-the-mountains.jpg",
    output: "thumbnails/2026/11/24/holiday-in-the-mountains.webp",
    filters: [
      { filter: "grayscale", params: {} },
      { filter: "blur", params: { sigma: 2 } },
      { filter: "edges", params: { operator: "sobel" } },
    ],
    note: "the family at the lake, the second in the row",
  };
}
