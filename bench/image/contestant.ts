import type { Work } from "./works.ts";

/** One library or tool in the form that its documentation, or our knowledge of it, makes fastest. */
export interface Contestant {
  readonly name: string;
  readonly version: string;
  /** What exactly is measured, as a sentence. */
  readonly form: string;
  /** Whether it can do this work at all. */
  takes(work: Work): boolean;
  /** Does the work once, from file to file, and gives the milliseconds it took. */
  run(work: Work, input: string, output: string): Promise<number>;
  close?(): Promise<void>;
}

/** Not on this machine: said aloud, left out of the table. */
export interface Absent {
  readonly name: string;
  readonly reason: string;
}

export function isAbsent(candidate: Contestant | Absent): candidate is Absent {
  return "reason" in candidate;
}
