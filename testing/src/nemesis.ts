import type { History } from "./history/history.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** Something bad that can be begun and, usually, ended. */
export interface Fault {
  readonly name: string;
  /** Draws share by weight. @default 1 */
  readonly weight?: number;
  /** Shortest and longest duration in milliseconds. @default [0, 0]: over as soon as it has begun */
  readonly lastsMs?: readonly [number, number];
  /** Begins it. May return the process it was done to, for the history. */
  begin(random: SeededRandom): Promise<number | undefined | void> | number | undefined | void;
  end?(): Promise<void> | void;
}

export interface NemesisOptions {
  readonly faults: readonly Fault[];
  readonly random: SeededRandom;
  readonly history: History;
  /** Shortest and longest peace between two faults in milliseconds. */
  readonly peaceMs: readonly [number, number];
  /** Milliseconds after which no new fault begins. */
  readonly forMs: number;
}

/** Does what the seed says, one fault after another, and heals the last before it resolves. Returns the names of the faults in their order. */
export async function runNemesis(options: NemesisOptions): Promise<string[]> {
  const { random, history, forMs } = options;
  const until = performance.now() + forMs;
  const done: string[] = [];
  for (;;) {
    await pause(random.integer(...options.peaceMs));
    if (performance.now() >= until) return done;
    const fault = draw(options.faults, random);
    const target = await fault.begin(random);
    history.record({
      kind: "fault",
      phase: "began",
      name: fault.name,
      ...(typeof target === "number" ? { target } : {}),
    });
    done.push(fault.name);
    try {
      await pause(random.integer(...(fault.lastsMs ?? [0, 0])));
    } finally {
      await fault.end?.();
      history.record({ kind: "fault", phase: "ended", name: fault.name });
    }
  }
}

function draw(faults: readonly Fault[], random: SeededRandom): Fault {
  const total = faults.reduce((sum, { weight = 1 }) => sum + weight, 0);
  let left = random.next() * total;
  for (const fault of faults) {
    left -= fault.weight ?? 1;
    if (left < 0) return fault;
  }
  return random.pick(faults);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
