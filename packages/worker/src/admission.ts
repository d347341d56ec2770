/** A claimed task, as far as the decision to start it needs to know. */
export interface Candidate {
  /** Run it with no other task in the process. */
  readonly solo: boolean;
  /** Bytes it will need; 0 when unknown. */
  readonly weightBytes: number;
}

/** Memory of the process. */
export interface Memory {
  /** Bytes it held before it ran anything. */
  readonly restingBytes: number;
  /** Bytes it holds now. */
  readonly residentBytes: number;
  readonly limitBytes: number;
}

/** What runs already. */
export interface Load {
  readonly count: number;
  /** Whether one of them is run alone. */
  readonly solo: boolean;
  readonly weightBytes: number;
}

/** Whether a task may start beside those that run. Without any other it always may: waiting would not make room. */
export function mayStart(candidate: Candidate, load: Load, memory: Memory): boolean {
  if (load.count === 0) return true;
  if (candidate.solo || load.solo || memory.residentBytes > memory.limitBytes) return false;
  const neededBytes = memory.restingBytes + load.weightBytes + candidate.weightBytes;
  return candidate.weightBytes === 0 || neededBytes <= memory.limitBytes;
}
