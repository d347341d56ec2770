/** Upper bounds of the buckets, in milliseconds; one more bucket takes the rest. */
export const scriptBoundsMs = [0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1000] as const;

/** How long a script took, as its callers in this thread saw it: sending, waiting its turn, running. */
export interface ScriptTimes {
  readonly name: string;
  readonly calls: number;
  readonly totalMs: number;
  /** `counts[i]` of the calls took at most `scriptBoundsMs[i]`, and longer than the bound before; one more count for the rest. */
  readonly counts: readonly number[];
}

/** Notes durations of one script. Called for every script call, so it adds to two numbers and makes no object. */
export class ScriptMeter {
  readonly #name: string;
  readonly #counts = new Float64Array(scriptBoundsMs.length + 1);
  /** In an array, where a fraction is stored in place. */
  readonly #totalMs = new Float64Array(1);

  constructor(name: string) {
    this.#name = name;
  }

  note(ms: number): void {
    let bucket = 0;
    while (bucket < scriptBoundsMs.length && ms > (scriptBoundsMs[bucket] ?? 0)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#totalMs[0] = (this.#totalMs[0] ?? 0) + ms;
  }

  read(): ScriptTimes {
    const counts = [...this.#counts];
    const calls = counts.reduce((sum, count) => sum + count, 0);
    return { name: this.#name, calls, totalMs: this.#totalMs[0] ?? 0, counts };
  }
}

const meters = new Map<string, ScriptMeter>();

/** The meter of all scripts with this name. */
export function meterOf(name: string): ScriptMeter {
  const known = meters.get(name);
  if (known !== undefined) return known;
  const made = new ScriptMeter(name);
  meters.set(name, made);
  return made;
}

/** The times of every script that this thread has called since it started; calls that had to send the script's text are left out. */
export function scriptTimes(): readonly ScriptTimes[] {
  return [...meters.values()].map((meter) => meter.read()).filter(({ calls }) => calls > 0);
}
