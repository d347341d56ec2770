/** How much each measure does. The quick ones end in a second or two each; noise decides, not the sizes. */
export interface Sizes {
  readonly mode: "quick" | "full";
  readonly repetitions: number;
  /** Milliseconds that each peer works on a measure before it counts. */
  readonly warmUpMs: number;
  readonly sequentialAdds: number;
  readonly adds: number;
  drained(concurrency: number): number;
  readonly latencySamples: number;
  readonly idleMs: number;
  readonly weighed: number;
  readonly images: number;
}

export const quick: Sizes = {
  mode: "quick",
  repetitions: 3,
  warmUpMs: 1000,
  sequentialAdds: 1500,
  adds: 10_000,
  drained: (concurrency) => (concurrency === 1 ? 1500 : concurrency === 10 ? 5000 : 10_000),
  latencySamples: 50,
  idleMs: 6000,
  weighed: 5000,
  images: 60,
};

export const full: Sizes = {
  mode: "full",
  repetitions: 7,
  warmUpMs: 10_000,
  sequentialAdds: 20_000,
  adds: 100_000,
  // A second or more for the fastest at ten and above: less would measure how workers start.
  drained: (concurrency) => (concurrency === 1 ? 10_000 : concurrency === 10 ? 60_000 : 100_000),
  latencySamples: 200,
  idleMs: 10_000,
  weighed: 20_000,
  images: 300,
};
